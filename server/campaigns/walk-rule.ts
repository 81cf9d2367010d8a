import { type Candidate, PAGE } from './candidate-page.ts'
import { type Circumstances, readCircumstances } from './circumstances.store.ts'
import { findCandidates } from './find-candidates.ts'
import type { CampaignDesk } from './open-round.ts'
import type { ReadyRule } from './rule-offers.ts'

/** Whom a rule is for, and all that may stand against it. */
export type Fitting = { candidate: Candidate; around: Circumstances }
/** `from`: where this page began; `next`: where the following one does, if there is one. */
export type WalkedPage = { fitting: Fitting[]; from: string; next: string | null }

/** Everybody whom a rule is for, a page at a time; no more than so many rows of the books are looked at. */
export async function* walkRule(
  { post }: Pick<CampaignDesk, 'post'>,
  { rule }: Pick<ReadyRule, 'rule'>,
  { after, most }: { after: string; most: number },
): AsyncIterable<WalkedPage> {
  const { store, shop, clock } = post
  let from: string | null = after
  for (let looked = 0; from !== null && looked < most; looked += PAGE) {
    const look = { db: store.db, shop, now: clock.now(), after: from }
    const { candidates, next } = await findCandidates(rule, look)
    const persons = [...new Set(candidates.map(({ personId }) => personId))]
    const aroundOf = await readCircumstances(store.db, persons)
    const fitting = candidates.map((candidate) => ({
      candidate,
      around: aroundOf(candidate.personId),
    }))
    yield { fitting, from, next }
    from = next
  }
}
