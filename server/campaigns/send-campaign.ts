import { campaignSubject } from '../notifications/hold-campaign.ts'
import { mailboxOf } from '../notifications/mailbox-of.ts'
import { postDelivery } from '../notifications/post-delivery.ts'
import { optedOut } from '../people/opt-outs.store.ts'
import { lockPerson } from '../people/people.store.ts'
import type { Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { Candidate } from './candidate-page.ts'
import { readCircumstances } from './circumstances.store.ts'
import { changesPlan, mayHear, type WhyNot } from './may-hear.ts'
import type { CampaignDesk, Round } from './open-round.ts'
import type { ReadyRule } from './rule-offers.ts'
import { stopLink } from './stop-token.ts'
import { writeLetter } from './write-letter.ts'

type Ready = Extract<ReadyRule, { trouble: null }>

/**
 * Writes one letter, not to leave before `runAt`. The person is held and everything asked once more: two
 * processes that write at once, two rules or two accounts, must not make two letters in a week of it. Returns
 * by which way it goes, or why it was not written after all.
 */
export async function sendCampaign(
  desk: CampaignDesk,
  {
    candidate,
    ready,
    round,
    runAt,
  }: { candidate: Candidate; ready: Ready; round: Round; runAt: Date },
): Promise<{ why: null; channel: 'line' | 'mail' } | { why: WhyNot }> {
  const { post, publicUrl, secrets } = desk
  const { store, shop, clock } = post
  const { personId } = candidate
  return store.transaction(async (tx) => {
    const now = clock.now()
    // Forgotten in this moment.
    if (!(await lockPerson(tx, personId))) return { why: 'not_reachable' }
    const around = (await readCircumstances(tx, [personId]))(personId)
    const verdict = mayHear(candidate, ready, around, { shop, outlets: round.outlets, now })
    if (verdict.why) return { why: verdict.why }
    const account = verdict.account ?? (await newMailbox(tx, personId))
    if (typeof account === 'string') return { why: account }
    const told = {
      rule: ready.rule,
      account,
      offer: verdict.offer.offer,
      role: candidate.role,
      saves: verdict.saves,
      changesPlan: changesPlan(ready, verdict.offer),
    }
    const mailbox = verdict.channel === 'mail' ? account.id : null
    const stop = await stopLink({ publicUrl, secret: secrets[0] ?? '' }, { personId, mailbox }, now)
    const letter = writeLetter(post, told, stop)
    const channel = verdict.channel === 'mail' && post.mail ? post.mail : post.channel
    const delivery = {
      subject: campaignSubject(ready.rule.id),
      kind: 'campaign' as const,
      account_id: account.id,
      order_id: null,
      body: channel.render(letter),
      created_at: now.toISOString(),
      cause: null,
    }
    const isNew = await postDelivery(post, tx, delivery, runAt)
    return isNew ? { why: null, channel: verdict.channel } : { why: 'heard' }
  })
}

/** Where Stripe writes to them, as receipts do that LINE cannot bring; unless its reader has said no as somebody else. */
async function newMailbox(tx: Tx, personId: string): Promise<AccountRow | WhyNot> {
  const mailbox = await mailboxOf(tx, personId, null)
  if (!mailbox) return 'not_reachable'
  const { accounts } = await optedOut(tx, [personId])
  return accounts.has(mailbox.id) ? 'opted_out' : mailbox
}
