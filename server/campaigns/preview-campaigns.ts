import { keptCatalogue } from '../shop/catalogue.ts'
import { mayHear, REASONS, type WhyNot } from './may-hear.ts'
import { type CampaignDesk, countLetter, openRound, type Round } from './open-round.ts'
import { type ReadyRule, readyRules, TROUBLES, type Trouble } from './rule-offers.ts'
import { quietNow } from './run-campaigns.ts'
import { walkRule } from './walk-rule.ts'

/** Who would hear of what, and by which way. The name is what LINE calls them: nobody knows people by our ids. */
export type WouldHear = {
  rule: string
  person: string
  name: string | null
  channel: 'line' | 'mail'
  offer: string
  /** In minor units */
  saves: number | null
  currency: string
}
export type Preview = {
  hear: WouldHear[]
  /** So many more than are listed */
  more: number
  not: { rule: string; why: WhyNot; words: string; count: number }[]
  troubles: { rule: string; why: Trouble; words: string }[]
  quietUntil: string | null
  /** Campaigns that LINE may get today; null: as many as there are */
  lineLeft: number | null
}

/** What turns would do with everybody whom a rule is for, and with the others why not. Writes nothing. */
export async function previewCampaigns(desk: CampaignDesk, most: number): Promise<Preview> {
  const round = await openRound(desk, null)
  const { lineLeft } = round
  const found: Found = { hear: [], told: new Set(), not: [], most }
  for (const ready of round.rules) if (!ready.trouble) await look(desk, ready, round, found)
  return {
    hear: found.hear,
    more: found.told.size - found.hear.length,
    not: found.not,
    troubles: troublesIn(round.rules),
    quietUntil: quietNow(desk)?.toISOString() ?? null,
    lineLeft: Number.isFinite(lineLeft) ? lineLeft : null,
  }
}

type Found = Pick<Preview, 'hear' | 'not'> & { told: Set<string>; most: number }

async function look(
  desk: CampaignDesk,
  ready: Extract<ReadyRule, { trouble: null }>,
  round: Round,
  { hear, told, not, most }: Found,
): Promise<void> {
  const { shop, clock } = desk.post
  const rule = ready.rule.id
  const counts = new Map<WhyNot, number>()
  const everybody = walkRule(desk, ready, { after: '', most: Number.POSITIVE_INFINITY })
  for await (const { fitting } of everybody)
    for (const { candidate, around } of fitting) {
      const { personId: person } = candidate
      const now = clock.now()
      const just = told.has(person) ? [{ subject: '', created_at: now.toISOString() }] : []
      const then = { ...around, heard: [...around.heard, ...just] }
      const verdict = mayHear(candidate, ready, then, { shop, outlets: round.outlets, now })
      if (verdict.why) {
        counts.set(verdict.why, (counts.get(verdict.why) ?? 0) + 1)
        continue
      }
      told.add(person)
      countLetter(round, verdict.channel)
      const name = around.accounts.find((each) => each.name)?.name ?? null
      const { offer, saves, channel } = verdict
      if (hear.length < most)
        hear.push({
          rule,
          person,
          name,
          channel,
          offer: offer.offer.id,
          saves,
          currency: offer.offer.currency,
        })
    }
  for (const [why, count] of counts) not.push({ rule, why, words: REASONS[why], count })
}

/** Rules that write to nobody, and why. */
export function troublesIn(rules: readonly ReadyRule[]): Preview['troubles'] {
  return rules.flatMap(({ rule, trouble }) =>
    trouble ? [{ rule: rule.id, why: trouble, words: TROUBLES[trouble] }] : [],
  )
}

/** The same as sentences, by what was last known of the offers; asks nobody. */
export async function idleRules({ post, catalogue }: CampaignDesk): Promise<string[]> {
  const list = await keptCatalogue(catalogue)
  const rules = list ? readyRules(post.shop, list, post.mail !== null) : []
  return troublesIn(rules).map(
    ({ rule, words }) => `the campaign "${rule}" writes to nobody: ${words}`,
  )
}
