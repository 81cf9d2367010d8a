import { type DeskWords, deskWordsIn } from '../../shared/i18n/desk.ts'
import type { Language } from '../../shared/language.ts'
import { formatMoney } from '../../shared/money.ts'
import { readQuestion } from '../desk/read-question.ts'
import { makeReport, type Report, type ReportRow, type ReportSums } from '../desk/report.ts'
import { reportCsv } from '../desk/report-csv.ts'
import { systemClock } from '../furnish.ts'
import { type Command, couldNot, done, notUnderstood } from './command.ts'
import { tableOf } from './table.ts'

/** Orders, items and money by source, product and day: what /api/desk/sources answers, without a log-in. */
export const report: Command = async ({ store }, _words, options, { shop }) => {
  const language = shop.language ?? 'ja'
  const words = deskWordsIn(language)
  const question = readQuestion(
    { from: options.since, to: options.until, by: options.by },
    systemClock.now(),
    { from: '--since', to: '--until', by: '--by' },
  )
  if (typeof question === 'string') return notUnderstood(question)
  const made = await makeReport(store.db, question, words)
  if (made === 'too many')
    return couldNot('That is too long a list: ask for fewer days, or split it by less.')
  if (options.json) return done(JSON.stringify(made, null, 2))
  if (options.csv) return done(reportCsv(made, words).trimEnd())
  return done(screen(made, words, language))
}

function screen(made: Report, words: DeskWords, language: Language): string {
  const days = `${made.from} to ${made.to}, by the day of payment in Japan`
  if (made.rows.length === 0) return `${days}: no order.`
  const rows = made.rows.map((row) => lineOf(row, words, language))
  const totals = made.totals.map((total) => ({
    currency: total.currency,
    ...sumsOf(total, language),
  }))
  return [days, '', tableOf(rows), '', tableOf(totals)].join('\n')
}

/** Names come last: a terminal gives a character of Japanese the room of two, which would shift what follows. */
function lineOf(row: ReportRow, words: DeskWords, language: Language): object {
  const { day, source, product, productName } = row
  return {
    ...(day !== undefined && { day }),
    ...(source !== undefined && { source: source ?? '-' }),
    ...sumsOf(row, language),
    ...(product !== undefined && { product: product ?? '-', name: productName ?? words.rest }),
  }
}

/** Money says its currency itself. */
function sumsOf({ orders, items, currency, ...money }: ReportSums, language: Language) {
  const written = (amount: number) => formatMoney(amount, currency, language)
  return {
    ...{ orders, items, sales: written(money.amount) },
    ...{ refunded: written(money.refunded), net: written(money.net) },
  }
}
