import { describeAccount, ensureAccount } from '../../server/people/people.store.ts'
import { SESSION_COOKIE, sealSession } from '../../server/people/session.ts'
import type { Club, Member } from './club.ts'

/** Somebody on Discord, as Noren knows them, with the session that a one-time link opens. */
export type OnDiscord = { account: string; cookie: string }

let last = 100_000_000_000_000_000n

export async function comeFromDiscord(club: Club, name = '渚'): Promise<OnDiscord> {
  last += 1n
  const now = club.desk.post.clock.now()
  const { id, person_id } = await club.store.transaction(async (tx) => {
    const made = await ensureAccount(tx, `D${last}`, now)
    await describeAccount(tx, made.id, { name, language: 'ja' })
    return made
  })
  const session = { personId: person_id, accountId: id, via: 'link' as const }
  const sealed = await sealSession(session, club.config.sessionSecrets[0] ?? '', now)
  return { account: id, cookie: `${SESSION_COOKIE}=${sealed}` }
}

/** Pays for this offer in the name of whoever has the cookie, as the page does. */
export async function payAs(club: Club, cookie: string, link: string): Promise<Member> {
  const { body } = await club.api(cookie, 'POST', '/api/checkout', { offer: link })
  const session = club.stripe.visit(String(body['url']))
  await club.stripe.payByCard(session)
  await club.settle()
  const { customer, subscription } = club.stripe.session(session)
  return { session, customer: String(customer), subscription: String(subscription) }
}
