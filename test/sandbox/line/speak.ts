import { type LineState, remember } from './line-state.ts'
import { tellShop } from './send-webhook.ts'
import { requireGroup, requireUser } from './users.ts'

/** Somebody writes to the shop; resolves when the shop has answered its webhook. */
export function say(line: LineState, userId: string, text: string): Promise<void> {
  requireUser(line, userId)
  line.spokeAt.set(userId, line.now())
  note(line, userId, userId, text)
  return tellShop(line, userId, { type: 'message', text })
}

/** Somebody writes into a group where the shop sits too. */
export function sayInGroup(
  line: LineState,
  groupId: string,
  userId: string,
  text: string,
): Promise<void> {
  requireGroup(line, groupId)
  requireUser(line, userId)
  note(line, groupId, userId, text)
  return tellShop(line, userId, { type: 'message', text, groupId })
}

/** A postback reaches the shop as data; of it the chat shows only the action's displayText, if any. */
export function tap(line: LineState, userId: string, data: string, shown?: string): Promise<void> {
  requireUser(line, userId)
  if (shown) note(line, userId, userId, shown)
  return tellShop(line, userId, { type: 'postback', data })
}

function note(line: LineState, to: string, from: string, text: string): void {
  remember(line.spoken, { to, from, at: line.now(), text }, line)
}
