import { stringify } from 'csv-stringify/sync'
import type { DeskWords } from '../../shared/i18n/desk.ts'
import { plainAmount } from '../../shared/money.ts'
import type { Report, ReportRow } from './report.ts'

type Column = 'day' | 'source' | 'product' | 'productName' | 'currency' | (typeof NUMBERS)[number]
const NUMBERS = ['orders', 'items', 'amount', 'refunded', 'net'] as const

/** From left to right. */
function columnsOf({ by }: Pick<Report, 'by'>): Column[] {
  return [
    ...(by.includes('day') ? (['day'] as const) : []),
    ...(by.includes('source') ? (['source'] as const) : []),
    ...(by.includes('product') ? (['product', 'productName'] as const) : []),
    'currency',
    ...NUMBERS,
  ]
}

/** For spreadsheets: money as plain numbers in whole units of the currency, and a mark by which Excel knows UTF-8. */
export function reportCsv(report: Report, words: DeskWords): string {
  const columns = columnsOf(report)
  const lines = report.rows.map((row) => columns.map((column) => cellOf(row, column)))
  const head = columns.map((column) => words[column])
  return stringify([head, ...lines], { bom: true, record_delimiter: 'windows' })
}

function cellOf(row: ReportRow, column: Column): string {
  const value = row[column]
  if (column === 'amount' || column === 'refunded' || column === 'net')
    return plainAmount(row[column], row.currency)
  return typeof value === 'number' ? String(value) : harmless(value ?? '')
}

/** A product may be called "=1+1", and a spreadsheet would work it out, or worse (CWE-1236); a Japanese one may do so with wide signs. */
function harmless(text: string): string {
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text
}
