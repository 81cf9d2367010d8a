import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { ErrorResponse, SourcesQuery } from '../../shared/api.ts'
import { deskWordsIn } from '../../shared/i18n/desk.ts'
import { Refusal } from '../errors.ts'
import type { Clock, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { readQuestion } from './read-question.ts'
import { makeReport, type Report } from './report.ts'
import { reportCsv } from './report-csv.ts'
import { requireStaff } from './require-staff.ts'

const REPORT_OR_CSV = Type.Unsafe<Report | string>({})

type Options = { store: Store; clock: Clock; shop: ShopConfig }

/** What the shop's own people may ask. */
export const deskRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock, shop } = options
  const words = deskWordsIn(shop.language ?? 'ja')

  app.get(
    '/api/desk/sources',
    {
      schema: { querystring: SourcesQuery, response: { 200: REPORT_OR_CSV, '4xx': ErrorResponse } },
    },
    async (request, reply) => {
      await requireStaff(request, store.db, shop)
      const { format = 'json', ...asked } = request.query
      const question = readQuestion(asked, clock.now())
      if (typeof question === 'string') throw badQuestion(question)
      if (format !== 'json' && format !== 'csv') throw badQuestion('format must be json or csv.')
      const report = await makeReport(store.db, question, words)
      if (report === 'too many')
        throw badQuestion('That is too long a list: ask for fewer days, or split it by less.')
      if (format === 'json') return report
      const name = `orders-${report.from}-${report.to}.csv`
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(reportCsv(report, words))
    },
  )
}

function badQuestion(sentence: string): Refusal {
  return new Refusal(400, 'bad_request', sentence)
}
