import { describeAccount, ensureAccount } from '../../server/people/people.store.ts'
import { SESSION_COOKIE, sealSession } from '../../server/people/session.ts'
import type { Club, Member } from './club.ts'

/** Somebody on Discord, as Noren knows them, with the session that a one-time link opens. */
export type OnDiscord = { account: string; person: string; cookie: string }

let last = 100_000_000_000_000_000n

/** `id`: whose it is on the stand-in's server; otherwise Discord knows nothing of them */
export async function comeFromDiscord(
  club: Club,
  name = '渚',
  id = String(++last),
): Promise<OnDiscord> {
  const now = club.desk.post.clock.now()
  const account = await club.store.transaction(async (tx) => {
    const made = await ensureAccount(tx, `D${id}`, now)
    await describeAccount(tx, made.id, { name, language: 'ja' })
    return made
  })
  const session = { personId: account.person_id, accountId: account.id, via: 'link' as const }
  const sealed = await sealSession(session, club.config.sessionSecrets[0] ?? '', now)
  return { account: account.id, person: account.person_id, cookie: `${SESSION_COOKIE}=${sealed}` }
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
