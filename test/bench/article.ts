import { type Child, startChild } from './child.ts'
import { allAccepted, sold } from './end-to-end.ts'
import type { Outcome } from './figures.ts'
import { inFolder, startNorenChild, vendorEnv } from './noren-env.ts'
import { sendLetters } from './send-letters.ts'

const ORDERS = 2_000

/** Against the article's handler, with vendors as far away as they are: 150 ms and 80 ms. */
export async function measureArticle(): Promise<Outcome> {
  const latency = { STRIPE_LATENCY_MS: '150', LINE_LATENCY_MS: '80', BENCH_ORDERS: String(ORDERS) }
  const rows: (string | number)[][] = []
  const vendors = await startChild('./serve-vendors.ts', latency)
  await inFolder(async (file) => {
    const env = vendorEnv(vendors, file)
    const article = await startChild('./serve-article.ts', env)
    rows.push(['the article’s handler', ...(await once(vendors, article))])
    await article.stop()
    const noren = await startNorenChild(env)
    rows.push(['Noren', ...(await once(vendors, noren))])
    await noren.stop()
  })
  await vendors.stop()
  const [article, noren] = rows.map((row) => Number(row[1]))
  return {
    title: 'Against the article’s handler: vendors at 150 ms and 80 ms, 64 connections',
    head: ['server', 'answered/s', 'answer p50 ms', 'answer p99 ms', 'pushes/s'],
    rows,
    verdicts: [
      `Noren answers ${((noren ?? 0) / (article ?? 1)).toFixed(1)} times as many a second`,
    ],
  }
}

async function once(vendors: Child, server: Child): Promise<number[]> {
  const letters = await sold(vendors)
  const before = await vendors.ask<number>('accepted')
  const began = performance.now()
  const sent = await sendLetters(server.url, letters, 64)
  await allAccepted(vendors, before + letters.length)
  const pushes = letters.length / ((performance.now() - began) / 1_000)
  return [sent.perSecond, sent.p50, sent.p99, pushes]
}
