import type { InviteMessage } from '../../server/ports.ts'
import type { House } from './house.ts'

/** A mail that was put into an envelope, and is read before anybody sends it. */
export type Paper = { id: string; account: string; subject: string; message: InviteMessage }

const sent = new WeakMap<House['desk']['post'], Map<string, string>>()

/** Gives a house mail that is written, kept, and never leaves. */
export function usePaperMail(house: House): void {
  const pile = new Map<string, string>()
  sent.set(house.desk.post, pile)
  house.desk.post.mail = {
    render: (message) => JSON.stringify(message),
    async send(_address, body, key) {
      pile.set(key, body)
      return { state: 'accepted', requestId: null }
    },
  }
}

/** The invitations that were written, oldest first. */
export async function invitesIn(house: House): Promise<Paper[]> {
  const rows = await house.store.db
    .selectFrom('deliveries')
    .select(['id', 'account_id', 'subject', 'body'])
    .where('kind', '=', 'invite')
    .orderBy('created_at')
    .execute()
  const pile = sent.get(house.desk.post)
  return rows.map(({ id, account_id: account, subject, body }) => ({
    ...{ id, account, subject },
    message: JSON.parse(pile?.get(id) ?? (body || '{}')),
  }))
}

export const tokenOf = ({ message }: Paper) => message.links?.connect.split('#')[1] ?? ''
