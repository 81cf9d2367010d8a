/** One scenario's outcome: rows to print, and what the issue asked for, said in a line. */
export type Outcome = {
  title: string
  head: string[]
  rows: (string | number)[][]
  verdicts: string[]
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** At least or at most, with the figure that was measured. */
export function verdict(what: string, figure: number, goal: { least: number } | { most: number }) {
  const least = 'least' in goal
  const met = least ? figure >= goal.least : figure <= goal.most
  const bound = least ? `at least ${goal.least}` : `at most ${goal.most}`
  return `${met ? 'met' : 'MISSED'}: ${what} ${round(figure)} (${bound})`
}

export function round(figure: number): number {
  return Math.abs(figure) >= 100 ? Math.round(figure) : Number(figure.toPrecision(3))
}

export function asMarkdown({ title, head, rows, verdicts }: Outcome): string {
  const line = (cells: (string | number)[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? round(cell) : cell)).join(' | ')} |`
  return [
    `## ${title}`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
    ...verdicts.map((each) => `- ${each}`),
    '',
  ].join('\n')
}
