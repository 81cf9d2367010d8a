import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { measureArticle } from './article.ts'
import { measureBacklog } from './backlog.ts'
import { measureClaim } from './claim.ts'
import { measureEndToEnd } from './end-to-end.ts'
import { asMarkdown, type Outcome } from './figures.ts'
import { measureFirstLoad } from './first-load.ts'
import { measureFlood } from './flood.ts'
import { measureGrowth } from './growth.ts'
import { measureIsolation } from './isolation.ts'
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
const texts: string[] = []
for (const name of chosen.length > 0 ? chosen : Object.keys(SCENARIOS)) {
  const outcome = await SCENARIOS[name]?.()
  if (!outcome) continue
  const text = asMarkdown(outcome)
  console.log(text)
  texts.push(text)
}
if (words.includes('--write')) write(texts)

function write(sections: string[]): void {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'performance.md')
  const marker = '<!-- figures -->'
  const [preface = ''] = readFileSync(file, 'utf8').split(marker)
  const [cpu] = cpus()
  const where = `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores (${cpu?.model}).`
  writeFileSync(file, `${preface}${marker}\n\n${where}\n\n${sections.join('\n')}`)
}
