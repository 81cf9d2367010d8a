import { asMarkdown, type Outcome } from '../bench/figures.ts'
import { keepFigures, whereAndWhen } from '../bench/keep-figures.ts'
import { showFuzz } from '../fuzz/show-fuzz.ts'
import { showKillPoints, showLongRun, showPowerCuts } from './outcomes.ts'
import { chooseSeed } from './seed.ts'

/**
 * `npm run chaos [-- name …] [--orders 10000] [--requests 200000] [--write]`: the long form of what
 * `npm cit` tries in short. `--write` keeps the figures in docs/reliability.md. CHAOS_SEED repeats a
 * run. The LIFF app must be built (`npm run build`).
 */
const seed = chooseSeed()
const words = process.argv.slice(2)
const numberAfter = (word: string, otherwise: number) =>
  (words.includes(word) && Number(words[words.indexOf(word) + 1])) || otherwise
const orders = numberAfter('--orders', 10_000)

const SCENARIOS: Record<string, () => Promise<Outcome>> = {
  'long-run': () => showLongRun({ seed, orders, engine: 'sqlite' }),
  'long-run-postgres': () => showLongRun({ seed, orders, engine: 'postgres' }),
  'kill-points': () => showKillPoints({ hits: 10 }),
  'power-cut': () => showPowerCuts({ seed, rounds: 25 }),
  fuzz: () => showFuzz({ seed, requests: numberAfter('--requests', 200_000) }),
}

const chosen = words.filter((word) => word in SCENARIOS)
console.log(`CHAOS_SEED=${seed}`)
for (const name of chosen.length > 0 ? chosen : Object.keys(SCENARIOS)) {
  const began = performance.now()
  const outcome = await SCENARIOS[name]?.()
  if (!outcome) continue
  const text = `${asMarkdown(outcome)}\n${whereAndWhen(performance.now() - began)}, CHAOS_SEED=${seed}.\n`
  console.log(text)
  // After each: a long one that fails must not take the figures of the others with it.
  if (words.includes('--write')) keepFigures('reliability.md', outcome.title, text)
  if (outcome.verdicts.some((verdict) => verdict.startsWith('MISSED'))) process.exitCode = 1
}
