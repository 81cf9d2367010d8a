import { type Outcome, verdict } from '../bench/figures.ts'
import { runFuzz } from './run-fuzz.ts'

/** What a random visitor found at the doors, for the record. */
export async function showFuzz(options: { seed: number; requests: number }): Promise<Outcome> {
  const figures = await runFuzz(options)
  for (const fault of figures.faults) console.error(fault)
  const rows = new Map<string, [number, number, number]>()
  for (const [key, count] of Object.entries(figures.answers)) {
    const [door, status] = [key.slice(0, -4), Number(key.slice(-3))]
    const row = rows.get(door) ?? [0, 0, 0]
    const at = status < 400 ? 0 : status < 500 ? 1 : 2
    row[at] = (row[at] ?? 0) + count
    rows.set(door, row)
  }
  return {
    title: `Fuzz: ${figures.requests} answers to random and mutated requests at all doors`,
    head: ['door', 'let in', 'refused', '500 and above'],
    rows: [...rows].sort().map(([door, counts]) => [door, ...counts]),
    verdicts: [
      verdict(
        'crashes, 5xx, strangers’ data, input repeated, events lost or invented',
        figures.faults.length,
        { most: 0 },
      ),
      verdict('MB that the heap holds more after all than after a quarter', figures.grownMb, {
        most: 20,
      }),
      `${figures.held} events were rightly signed, and are what the books hold`,
    ],
  }
}
