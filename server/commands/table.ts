import { couldNot, notUnderstood, type Options, type Outcome } from './command.ts'

const MOST_SHOWN = 50
/** More in one go would be a report, and belongs into a query of one's own. */
const MOST_ALLOWED = 10_000

/** `--limit`, or a screenful; null when it is not a number that can be meant. */
export function limitOf({ limit }: Options): number | null {
  if (limit === undefined) return MOST_SHOWN
  const rows = Number(limit)
  return /^\d+$/.test(limit) && rows >= 1 && rows <= MOST_ALLOWED ? rows : null
}

export const BAD_LIMIT = notUnderstood(`--limit must be a number from 1 to ${MOST_ALLOWED}.`)

/** Rows for people in columns, for machines as JSON. */
export function listed(rows: object[], options: Options, nothing: string): Outcome {
  if (options.json) return { said: JSON.stringify(rows, null, 2), code: 0 }
  return { said: rows.length === 0 ? nothing : tableOf(rows), code: 0 }
}

/** Aligned columns; the last one, a sentence, may run on. */
export function tableOf(rows: object[]): string {
  const names = Object.keys(rows[0] ?? {})
  const cells = rows.map((row) => Object.values(row).map((value) => oneLine(value)))
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0)),
  )
  return [names, ...cells]
    .map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z$/

/** Vendors' words may hold line breaks, or worse: what moves a terminal's cursor is no text. */
function oneLine(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant
  const text = value === null ? '' : String(value).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
  return text.replace(TIME, '$1 $2Z')
}

export function unknownId(id: string): Outcome {
  return couldNot(
    `There is no event or message with the id ${oneLine(id)}. "events" and "deliveries" list them.`,
  )
}
