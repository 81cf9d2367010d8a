import type { LineUser } from '../types.ts'
import { type LineState, randomId } from './line-state.ts'

const PUSHABLE_AFTER_SPEAKING_MS = 7 * 24 * 3_600_000

/** A new person on LINE; a friend of the shop who reads Japanese unless told otherwise. */
export function addUser(line: LineState, user: Partial<LineUser> & { name: string }): LineUser {
  const added = { userId: randomId('U'), friend: true, language: 'ja', ...user }
  line.users.set(added.userId, added)
  return added
}

export function addGroup(line: LineState, name: string): string {
  const groupId = randomId('C')
  line.groups.set(groupId, name)
  return groupId
}

/** Throws for an id that addUser never gave: a slip in the test, not a case that LINE knows. */
export function requireUser(line: LineState, userId: string): LineUser {
  const user = line.users.get(userId)
  if (!user) throw new Error(`the LINE stand-in has no user ${userId}; add one with addUser`)
  return user
}

export function requireGroup(line: LineState, groupId: string): void {
  if (!line.groups.has(groupId))
    throw new Error(`the LINE stand-in has no group ${groupId}; make one with addGroup`)
}

/** Whether a push to this id appears on a phone. Groups always; people when friends, or just after writing. */
export function isReachable(line: LineState, id: string): boolean {
  if (line.groups.has(id)) return true
  if (line.blocked.has(id)) return false
  const spokeAt = line.spokeAt.get(id) ?? Number.NEGATIVE_INFINITY
  return line.users.get(id)?.friend === true || line.now() - spokeAt < PUSHABLE_AFTER_SPEAKING_MS
}

/** What a bot may know of a person: friends, and whoever has written to it. */
export function visibleProfile(line: LineState, userId: string): LineUser | undefined {
  const known = !line.blocked.has(userId) && line.spokeAt.has(userId)
  const user = line.users.get(userId)
  return user?.friend || known ? user : undefined
}

/** Makes somebody a friend; says whether they had blocked the shop before. */
export function becomeFriend(line: LineState, userId: string): { isUnblocked: boolean } {
  requireUser(line, userId).friend = true
  return { isUnblocked: line.blocked.delete(userId) }
}

/**
 * Whether the user's own menu outlives a block is not documented at LINE. Here it does not, so that
 * whoever comes back sees the default until somebody links their menu again.
 */
export function block(line: LineState, userId: string): void {
  requireUser(line, userId).friend = false
  line.blocked.add(userId)
  line.menuLinks.delete(userId)
}
