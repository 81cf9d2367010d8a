import { measureArticle } from './article.ts'
import { measureBacklog } from './backlog.ts'
import { measureClaim } from './claim.ts'
import { measureEndToEnd } from './end-to-end.ts'
import { asMarkdown, type Outcome } from './figures.ts'
import { measureFirstLoad } from './first-load.ts'
import { measureFlood } from './flood.ts'
import { measureGrowth } from './growth.ts'
import { measureIsolation } from './isolation.ts'
import { keepFigures, whereAndWhen } from './keep-figures.ts'
import { measureLetterbox, measureLetterboxOnPostgres } from './letterbox.ts'

/**
 * `npm run bench [name …] [--write]`: figures as ratios within one run, since machines differ and
 * drift. `--write` keeps them in docs/performance.md. The LIFF app must be built (`npm run build`).
 */
const SCENARIOS: Record<string, () => Promise<Outcome>> = {
  letterbox: measureLetterbox,
  'letterbox-postgres': measureLetterboxOnPostgres,
  claim: measureClaim,
  isolation: measureIsolation,
  article: measureArticle,
  'end-to-end': measureEndToEnd,
  'first-load': measureFirstLoad,
  growth: measureGrowth,
  flood: measureFlood,
  backlog: measureBacklog,
}

const words = process.argv.slice(2)
const chosen = words.filter((word) => word in SCENARIOS)
for (const name of chosen.length > 0 ? chosen : Object.keys(SCENARIOS)) {
  const began = performance.now()
  const outcome = await SCENARIOS[name]?.()
  if (!outcome) continue
  const text = `${asMarkdown(outcome)}\n${whereAndWhen(performance.now() - began)}.\n`
  console.log(text)
  if (words.includes('--write')) keepFigures('performance.md', outcome.title, text)
}
