import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { asMarkdown, type Outcome } from '../bench/figures.ts'
import { showFuzz } from '../fuzz/show-fuzz.ts'
import { showKillPoints, showLongRun, showPowerCuts } from './outcomes.ts'
import { chooseSeed } from './seed.ts'

/**
 * `npm run chaos [-- name …] [--orders 10000] [--requests 200000] [--write]`: the long form of what `npm cit` tries in
 * short. `--write` keeps the figures in docs/reliability.md. CHAOS_SEED repeats a run. The LIFF app
 * must be built (`npm run build`).
 */
const seed = chooseSeed()
const words = process.argv.slice(2)
const numberAfter = (word: string, otherwise: number) =>
  (words.includes(word) && Number(words[words.indexOf(word) + 1])) || otherwise
const orders = numberAfter('--orders', 10_000)

const SCENARIOS: Record<string, () => Promise<Outcome>> = {
  'long-run': () => showLongRun({ seed, orders, engine: 'sqlite' }),
  'long-run-postgres': () => showLongRun({ seed, orders, engine: 'postgres' }),
  'kill-points': () => showKillPoints({ hits: 20 }),
  'power-cut': () => showPowerCuts({ seed, rounds: 25 }),
  fuzz: () => showFuzz({ seed, requests: numberAfter('--requests', 200_000) }),
}

const chosen = words.filter((word) => word in SCENARIOS)
const texts: string[] = []
console.log(`CHAOS_SEED=${seed}`)
for (const name of chosen.length > 0 ? chosen : Object.keys(SCENARIOS)) {
  const began = performance.now()
  const outcome = await SCENARIOS[name]?.()
  if (!outcome) continue
  const text = asMarkdown(outcome)
  console.log(text, `(${Math.round((performance.now() - began) / 1_000)} s)\n`)
  texts.push(text)
  if (outcome.verdicts.some((verdict) => verdict.startsWith('MISSED'))) process.exitCode = 1
}
if (words.includes('--write')) write(texts)

function write(sections: string[]): void {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'reliability.md')
  const marker = '<!-- figures -->'
  const [preface = ''] = readFileSync(file, 'utf8').split(marker)
  const [cpu] = cpus()
  const where = `Run on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores (${cpu?.model}), CHAOS_SEED=${seed}.`
  writeFileSync(file, `${preface}${marker}\n\n${where}\n\n${sections.join('\n')}`)
}
