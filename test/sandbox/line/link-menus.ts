import { type Answer, ok, refuse } from './answer.ts'
import { isObject } from './check-values.ts'
import type { LineState } from './line-state.ts'
import type { ChangedMenu } from './report-happenings.ts'
import { isFriend, linkable, menuOf } from './rich-menus.ts'

/** What LINE answers, and whose phones show another menu because of it. */
type Linking = { answer: Answer; changed?: ChangedMenu[] }

const MAX_USERS = 500
const USER_ID = /^U[0-9a-f]{32}$/
const ACCEPTED = { ...ok(), status: 202 }

/** POST /v2/bot/user/{userId}/richmenu/{richMenuId}: 200 also for who is no friend, and nothing happens. */
export function linkMenu(line: LineState, userId: string, richMenuId: string): Linking {
  if (!USER_ID.test(userId)) return { answer: invalidUser() }
  const menu = linkable(line, richMenuId)
  if ('status' in menu) return { answer: menu }
  return { answer: ok(), changed: changeMenu(line, userId, richMenuId) }
}

/** DELETE /v2/bot/user/{userId}/richmenu: 200 too when there was none. */
export function unlinkMenu(line: LineState, userId: string): Linking {
  if (!USER_ID.test(userId)) return { answer: invalidUser() }
  return { answer: ok(), changed: changeMenu(line, userId, null) }
}

/** GET /v2/bot/user/{userId}/richmenu: the user's own menu; the default is nobody's own. */
export function linkedMenu(line: LineState, userId: string): Answer {
  if (!USER_ID.test(userId)) return invalidUser()
  const richMenuId = line.menuLinks.get(userId)
  if (richMenuId === undefined) return refuse(404, 'the user has no richmenu', { details: [] })
  return ok({ richMenuId })
}

/**
 * POST /v2/bot/richmenu/bulk/link (with `richMenuId`) and …/unlink: all of them or, for one malformed
 * id, nobody. LINE does the work behind its 202; we have done it when that leaves.
 */
export function changeMenus(line: LineState, body: unknown, how: 'link' | 'unlink'): Linking {
  const { userIds, richMenuId } = isObject(body) ? body : {}
  if (!Array.isArray(userIds) || userIds.length < 1 || userIds.length > MAX_USERS)
    return { answer: invalidProperty('userIds') }
  const wrong = userIds.findIndex((id) => typeof id !== 'string' || !USER_ID.test(id))
  if (wrong >= 0) return { answer: invalidProperty(`userIds[${wrong}]`) }
  const menu = how === 'link' ? linkable(line, richMenuId) : null
  if (menu && 'status' in menu) return { answer: menu }
  const change = (userId: string) => changeMenu(line, userId, menu?.richMenuId ?? null)
  return { answer: ACCEPTED, changed: userIds.flatMap(change) }
}

function changeMenu(line: LineState, userId: string, richMenuId: string | null): ChangedMenu[] {
  if (!isFriend(line, userId)) return []
  const before = menuOf(line, userId)
  if (richMenuId === null) line.menuLinks.delete(userId)
  else line.menuLinks.set(userId, richMenuId)
  const after = menuOf(line, userId)
  return after?.richMenuId === before?.richMenuId ? [] : [{ userId, menu: after }]
}

function invalidUser(): Answer {
  return refuse(400, "The value for the 'userId' parameter is invalid")
}

function invalidProperty(name: string): Answer {
  return refuse(400, `The property, '${name}', in the request body is invalid (line: -, column: -)`)
}
