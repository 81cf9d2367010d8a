import { randomBytes } from 'node:crypto'
import type { RichMenu } from '../types.ts'
import { type Answer, ok, refuse } from './answer.ts'
import { checkRichMenu } from './check-rich-menu.ts'
import { fault } from './check-values.ts'
import type { LineState } from './line-state.ts'
import { pictureSize } from './picture-size.ts'

const MAX_MENUS = 1000
/** LINE says "1 MB" and not which; the smaller one is safe at both. */
const MAX_PICTURE_BYTES = 1_000_000
/** Calls that create, and calls that delete, each within any hour. */
const CHANGES_PER_HOUR = 100
const HOUR_MS = 3_600_000

export const NO_SUCH_MENU = refuse(404, 'richmenu not found', { details: [] })

/** POST /v2/bot/richmenu: a menu without a picture yet, which nobody can be shown. */
export function createMenu(line: LineState, body: unknown): Answer {
  if (isTooOften(line, 'create')) return tooOften()
  const refusal = refuseMenu(body)
  if (refusal) return refusal
  if (line.menus.size >= MAX_MENUS)
    return refuse(400, `The maximum number of rich menus (${MAX_MENUS}) has been reached`)
  const richMenuId = `richmenu-${randomBytes(16).toString('hex')}`
  const checked = body as Omit<RichMenu, 'richMenuId' | 'image'>
  line.menus.set(richMenuId, { ...checked, richMenuId, image: null })
  return ok({ richMenuId })
}

/** POST /v2/bot/richmenu/validate: the same check, and nothing is made. */
export function validateMenu(body: unknown): Answer {
  return refuseMenu(body) ?? ok()
}

function refuseMenu(body: unknown): Answer | undefined {
  const details = checkRichMenu(body)
  if (details.length === 0) return undefined
  return refuse(400, `The request body has ${details.length} error(s)`, { details })
}

/** POST …/content: once for each menu, and exactly as large as the menu says. */
export function uploadPicture(
  line: LineState,
  richMenuId: string,
  picture: { type: string; bytes: Buffer },
): Answer {
  const menu = line.menus.get(richMenuId)
  if (!menu) return NO_SUCH_MENU
  if (menu.image) return refuse(400, 'An image has already been uploaded to the richmenu')
  const size = pictureSize(picture.type, picture.bytes)
  const { width, height } = menu.size
  const fits = size !== null && size.width === width && size.height === height
  if (!fits || picture.bytes.length > MAX_PICTURE_BYTES)
    return refuse(400, 'The image size is not allowed for richmenu')
  menu.image = picture
  return ok()
}

/** DELETE /v2/bot/richmenu/{id}, as a program may call it: so many times an hour. */
export function deleteMenu(line: LineState, richMenuId: string): Answer {
  if (isTooOften(line, 'delete')) return tooOften()
  return dropMenu(line, richMenuId) ? ok() : NO_SUCH_MENU
}

/** Whoever was linked to it falls back to the default; false when there is no such menu. */
export function dropMenu(line: LineState, richMenuId: string): boolean {
  if (line.defaultMenu === richMenuId) line.defaultMenu = null
  for (const [userId, linked] of line.menuLinks)
    if (linked === richMenuId) line.menuLinks.delete(userId)
  return line.menus.delete(richMenuId)
}

/** POST /v2/bot/user/all/richmenu/{id} */
export function setDefaultMenu(line: LineState, richMenuId: string): Answer {
  const menu = line.menus.get(richMenuId)
  if (!menu) return refuse(404, 'Not found')
  if (!menu.image) return withoutPicture()
  line.defaultMenu = richMenuId
  return ok()
}

/** The menu with this id, if people can be linked to it, or LINE's refusal. */
export function linkable(line: LineState, richMenuId: unknown): RichMenu | Answer {
  if (typeof richMenuId !== 'string' || !/^richmenu-[0-9a-f]{32}$/.test(richMenuId)) {
    const details = [fault('richMenuId', 'invalid richMenuId')]
    return refuse(400, 'The request body has 1 error(s)', { details })
  }
  const menu = line.menus.get(richMenuId)
  if (!menu) return NO_SUCH_MENU
  return menu.image ? menu : withoutPicture()
}

/** The menu that this user sees: their own, or the default; null for none, and for who is no friend. */
export function menuOf(line: LineState, userId: string): RichMenu | null {
  if (!isFriend(line, userId)) return null
  const id = line.menuLinks.get(userId) ?? line.defaultMenu
  return (id && line.menus.get(id)) || null
}

/** Strangers, and people who blocked the shop, have no menu; LINE says 200 all the same. */
export function isFriend(line: LineState, userId: string): boolean {
  return line.users.get(userId)?.friend === true && !line.blocked.has(userId)
}

/** LINE refills a bucket at a pace of its own; we take it at the strictest: within any hour. */
function isTooOften(line: LineState, what: 'create' | 'delete'): boolean {
  const since = line.now() - HOUR_MS
  const recent = line.menuChanges[what].filter((at) => at > since)
  const full = recent.length >= CHANGES_PER_HOUR
  line.menuChanges[what] = full ? recent : [...recent, line.now()]
  return full
}

function tooOften(): Answer {
  return refuse(429, 'The API rate limit has been exceeded. Try again later.')
}

function withoutPicture(): Answer {
  const words = 'must upload richmenu image before applying it to user'
  return refuse(400, words, { details: [] })
}
