import { withdrawFromLine } from '../notifications/hold-campaign.ts'
import { QUIET_HOURS, quietUntil } from '../notifications/quiet-hours.ts'
import type { Turn } from '../ports.ts'
import type { Needed } from './line-budget.ts'
import { mayHear } from './may-hear.ts'
import { type CampaignDesk, countLetter, openRound, type Round } from './open-round.ts'
import { campaignRules, type ReadyRule } from './rule-offers.ts'
import { sendCampaign } from './send-campaign.ts'
import { type Fitting, walkRule } from './walk-rule.ts'

/** One a second, so that a receipt never stands behind more than one of them: so many fit between two turns. */
export const MOST_A_TURN = 600
/** Rows of a rule that a turn looks at before the next one goes on: a hundred thousand are seen in two hours. */
const MOST_LOOKED_AT = 10_000

/** Where the next turn goes on with each rule, and what was counted today. */
type Bookmark = { after: Record<string, string>; needed: Needed | null }
type TurnOfDuty = Pick<Turn, 'bookmark' | 'keep' | 'stop'>

/**
 * A turn: writes to whom the rules are for and against whom nothing stands, in small portions. In the quiet
 * hours nothing happens at all. Returns how many letters were written.
 */
export async function runCampaigns(
  desk: CampaignDesk,
  turn: TurnOfDuty | null = null,
): Promise<number> {
  const { post } = desk
  if (campaignRules(post.shop).length === 0 || quietNow(desk)) return 0
  await withdrawFromLine(post)
  const { after, needed } = readBookmark(turn?.bookmark ?? null)
  const round = await openRound(desk, needed)
  for (const ready of round.rules) {
    if (ready.trouble) continue
    const { id } = ready.rule
    for await (const page of walkRule(desk, ready, {
      after: after[id] ?? '',
      most: MOST_LOOKED_AT,
    })) {
      for (const fitting of page.fitting) await writeTo(desk, ready, round, fitting)
      // The rest of a page that was not got through is looked at again.
      after[id] = isFull(round) ? page.from : (page.next ?? '')
      await turn?.keep(JSON.stringify({ after, needed: round.needed } satisfies Bookmark))
      turn?.stop.throwIfAborted()
      if (isFull(round)) break
    }
  }
  if (round.written > 0) post.log.info({ letters: round.written }, 'campaigns were written')
  return round.written
}

const isFull = ({ written }: Round) => written >= MOST_A_TURN

async function writeTo(
  desk: CampaignDesk,
  ready: Extract<ReadyRule, { trouble: null }>,
  round: Round,
  { candidate, around }: Fitting,
): Promise<void> {
  if (isFull(round)) return
  const { shop, clock } = desk.post
  const now = clock.now()
  if (mayHear(candidate, ready, around, { shop, outlets: round.outlets, now }).why) return
  const runAt = new Date(now.getTime() + round.written * 1_000)
  const sent = await sendCampaign(desk, { candidate, ready, round, runAt })
  if (sent.why === null) countLetter(round, sent.channel)
}

/** The quiet hours it is in now end then; null: it is in none. */
export function quietNow({ post }: Pick<CampaignDesk, 'post'>): Date | null {
  return quietUntil(post.shop.campaigns?.quietHours ?? QUIET_HOURS, post.clock.now())
}

/** It is ours, but perhaps of another version. */
function readBookmark(bookmark: string | null): Bookmark {
  try {
    const { after = {}, needed = null } = JSON.parse(bookmark ?? '{}') as Partial<Bookmark>
    return { after, needed }
  } catch {
    return { after: {}, needed: null }
  }
}
