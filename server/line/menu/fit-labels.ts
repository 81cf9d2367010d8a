import { breakLines, longest } from './break-lines.ts'

/** Labels at one size, each in its lines. */
export type FittedLabels = { size: number; lines: string[][] }

/**
 * 2,500 px become some 390 on a phone: 88 px is 14 there, the least that reads well in passing.
 * Below that, only for words that would leave their tile otherwise.
 */
const TRIALS: readonly { size: number; lines: number; cut: boolean }[] = [
  ...sizes(128, 104).map((size) => ({ size, lines: 1, cut: false })),
  ...sizes(116, 88).map((size) => ({ size, lines: 2, cut: false })),
  { size: 88, lines: 3, cut: false },
  ...sizes(84, 72).map((size) => ({ size, lines: 3, cut: false })),
  ...sizes(88, 40).map((size) => ({ size, lines: 3, cut: true })),
]

/**
 * The largest size at which every label stays within the width of its tile (px), the same for all:
 * a menu with letters of many sizes looks like a leaflet.
 */
export function fitLabels(labels: readonly string[], widths: readonly number[]): FittedLabels {
  let tried: FittedLabels = { size: 0, lines: [] }
  for (const trial of TRIALS) {
    tried = { size: trial.size, lines: [] }
    for (const [at, label] of labels.entries())
      tried.lines.push(breakLines(label, (widths[at] ?? 0) / trial.size, trial.cut))
    const fits = tried.lines.every(
      (lines, at) =>
        lines.length <= trial.lines && longest(lines) * trial.size <= (widths[at] ?? 0),
    )
    if (fits) return tried
  }
  return tried
}

function sizes(from: number, to: number): number[] {
  return Array.from({ length: (from - to) / 4 + 1 }, (_, at) => from - 4 * at)
}
