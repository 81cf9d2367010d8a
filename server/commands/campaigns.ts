import { formatMoney } from '../../shared/money.ts'
import { type Preview, previewCampaigns } from '../campaigns/preview-campaigns.ts'
import { campaignRules } from '../campaigns/rule-offers.ts'
import { quietNow, runCampaigns } from '../campaigns/run-campaigns.ts'
import { type Command, couldNot, done, type Outcome } from './command.ts'
import { showNow } from './show-now.ts'
import { BAD_LIMIT, limitOf, tableOf } from './table.ts'

/**
 * Who would hear of what now, and of everybody else whom a rule is for why not; writes nothing. With `--send`
 * a turn is done at once instead of within ten minutes.
 */
export const campaigns: Command = async (furnished, _words, options) => {
  const desk = furnished.campaigns
  const most = limitOf(options)
  if (!most) return BAD_LIMIT
  if (campaignRules(desk.post.shop).length === 0)
    return couldNot('This shop has no campaigns: docs/campaigns.md says how to write one.')
  if (options.send) {
    const quiet = quietNow(desk)
    if (quiet)
      return couldNot(`It is quiet until ${quiet.toISOString()}: no campaign leaves before.`)
    const written = await runCampaigns(desk)
    await showNow(furnished)
    return done(
      `${written} letter${written === 1 ? ' was' : 's were'} written; they leave one a second.`,
    )
  }
  const preview = await previewCampaigns(desk, most)
  return options.json ? done(JSON.stringify(preview, null, 2)) : screen(preview)
}

function screen({ hear, more, not, troubles, quietUntil, lineLeft }: Preview): Outcome {
  const rows = hear.map(({ saves, currency, ...row }) => ({
    ...row,
    saves: saves === null ? null : formatMoney(saves, currency, 'en'),
  }))
  const parts = [
    rows.length > 0 ? tableOf(rows) : 'Nobody would hear of anything now.',
    more > 0 ? `… and ${more} more; --limit shows them.` : '',
    not.length > 0
      ? tableOf(not.map(({ rule, count, words }) => ({ rule, 'would not': count, because: words })))
      : '',
    troubles.map(({ rule, words }) => `"${rule}" writes to nobody: ${words}.`).join('\n'),
    lineLeft === null ? '' : `LINE may bring ${lineLeft} today; the rest is for receipts.`,
    quietUntil ? `It is quiet until ${quietUntil}; nothing leaves before.` : '',
    'This was a look; nothing was written. Noren sends by itself every ten minutes; --send does it now.',
  ]
  return done(parts.filter(Boolean).join('\n\n'))
}
