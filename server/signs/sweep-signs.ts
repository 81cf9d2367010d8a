import { menuSpec } from './menu-spec.ts'
import type { MenuDesk } from './show-menu.ts'
import type { SignDesk } from './show-sign.ts'
import { sweepByTurns } from './sweep-by-turns.ts'
import { sweepRoles } from './sweep-roles.ts'
import { hasSigns } from './wish-sign.ts'

/**
 * Rings for every account whose sign is not what it should be: a menu was redesigned, a role taken away
 * by hand, a vendor had a bad day. Returns for how many menus; the chat server's list is read by the queue.
 */
export async function sweepSigns(desk: SignDesk, stop?: AbortSignal): Promise<number> {
  // Also where the shop has no roles any more: what it gave is taken.
  await sweepRoles(desk)
  return hasSigns(desk.shop) ? sweepMenus(desk, stop) : 0
}

function sweepMenus(desk: MenuDesk, stop?: AbortSignal): Promise<number> {
  const keys = new Map<string, string>()
  return sweepByTurns(desk, 'line', (sign) => sign.applied !== keyFor(desk, keys, sign), stop)
}

type Shown = { role: string; language: string | null }

function keyFor(desk: MenuDesk, keys: Map<string, string>, { role, language }: Shown): string {
  const spoken = (language ?? desk.shop.language ?? 'ja') as Parameters<typeof menuSpec>[2]
  const name = `${role} ${spoken}`
  const known = keys.get(name) ?? desk.sign.keyOf(menuSpec(desk, role, spoken))
  keys.set(name, known)
  return known
}
