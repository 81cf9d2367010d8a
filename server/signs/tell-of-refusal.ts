import { postNotice } from '../notifications/tell-staff.ts'
import type { RoleTrouble, Tx } from '../ports.ts'
import type { RoleDesk } from './show-roles.ts'
import { titleOf } from './wanted-roles.ts'

/** The shop hears of a role that its chat server does not let us give: once, not once for each member. */
export async function tellOfRefusal(
  { post, shop, log }: RoleDesk,
  tx: Tx,
  refused: { guild: string; role: string; why: RoleTrouble; words: string; at: string },
): Promise<void> {
  const { guild, role, why, words, at } = refused
  log.warn({ role, why, words }, 'a role is refused at the server; only a person can mend that')
  const news = { kind: 'staff_sign', role, title: titleOf(shop, role), why, words } as const
  await postNotice(post, tx, {
    topic: 'trouble',
    subject: `sign:${guild}:${role}:${why}:${at}`,
    news,
  })
}
