import type { PostRoom } from '../notifications/notify.ts'
import { findPause } from '../notifications/pauses.store.ts'
import { type Catalogue, keptCatalogue, type Listed, readCatalogue } from '../shop/catalogue.ts'
import { countNeeded, lineBudget, type Needed } from './line-budget.ts'
import { type ReadyRule, readyRules } from './rule-offers.ts'
import type { Outlets } from './way-to.ts'

export type CampaignDesk = {
  post: PostRoom
  catalogue: Catalogue
  publicUrl: string
  /** Signs and opens the links that stop campaigns, newest first: those in old mails must go on working */
  secrets: readonly string[]
}

/** One look at everybody: what there is to offer, and what may still be sent. */
export type Round = {
  rules: readonly ReadyRule[]
  outlets: Outlets
  /** Campaigns that LINE may still get in this round */
  lineLeft: number
  needed: Needed
  /** Letters of this round */
  written: number
}

const MAIL = 'mail'

/** Asks LINE for the month's messages, and Stripe only where no offer was ever kept. Throws when Stripe is needed and silent. */
export async function openRound(
  { post, catalogue }: CampaignDesk,
  known: Needed | null,
): Promise<Round> {
  const { db } = post.store
  const rules = readyRules(post.shop, await offersNow(catalogue, post), post.mail !== null)
  const needed = await countNeeded(post, known)
  const line = await lineBudget(post, needed.messages)
  const mail = post.mail !== null && !(await findPause(db, MAIL))
  return { rules, outlets: { line: line.why, mail }, lineLeft: line.letters, needed, written: 0 }
}

async function offersNow(catalogue: Catalogue, { log }: PostRoom): Promise<Listed[]> {
  const kept = await keptCatalogue(catalogue)
  return kept ?? readCatalogue(catalogue, (error) => log.warn({ err: error }, 'old offers stay'))
}

/** One is spoken for: when none is left, whoever comes next is written to by mail, or later. */
export function countLetter(round: Round, channel: 'line' | 'mail'): void {
  round.written += 1
  if (channel !== 'line') return
  round.lineLeft -= 1
  if (round.lineLeft <= 0) round.outlets = { ...round.outlets, line: 'no_messages' }
}
