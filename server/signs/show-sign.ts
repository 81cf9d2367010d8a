import { channelOf } from '../people/people.store.ts'
import { type MenuDesk, showMenu } from './show-menu.ts'
import { type RoleDesk, showRoles } from './show-roles.ts'

/** What shows people their role: menus in LINE's chat, roles on the shop's chat server. */
export type SignDesk = MenuDesk & RoleDesk

/** `surely`: whatever stands in the books about it. `look`: whatever the vendor is believed to show. */
export type How = { look: boolean; surely: boolean }

/**
 * Shows an account its role, unless it was shown already. `look`: asks the vendor first what it shows,
 * for the sweep. Throws when the vendor does not answer, and is tried again.
 */
export async function showSign(
  desk: SignDesk,
  accountId: string,
  { look = false }: { look?: boolean } = {},
): Promise<void> {
  const show = { line: showMenu, discord: showRoles, mail: null }[channelOf(accountId)]
  // Somebody wished for something else while the vendor was told: what it heard last may be either.
  for (let overtaken = false; ; overtaken = true) {
    const shown = await show?.(desk, accountId, { look, surely: overtaken })
    if (shown !== 'overtaken') return
  }
}
