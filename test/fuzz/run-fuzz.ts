import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { Pool } from 'undici'
import {
  type House,
  type HouseOptions,
  type HouseWithDiscord,
  openHouse,
} from '../support/house.ts'
import { sendRaw } from '../support/raw-request.ts'
import { compareBooks, mustAnswer } from './books.ts'
import { apiCalls, bareBytes, visits } from './calls.ts'
import { type Cast, openCast } from './cast.ts'
import { discordLetters } from './discord-letters.ts'
import { type Answer, type Judge, openJudge } from './judge.ts'
import type { Knock } from './knock.ts'
import { lineLetters, stripeLetters } from './letters.ts'

const CONNECTIONS = 32
/** So many are made at a time: more would only wait in memory. */
const BATCH = 250
/** What a person may ask in a minute is limited, and behind a 429 nothing is tried. */
const REQUESTS_PER_PERSON = 250
const MOST_PEOPLE = 250

export type FuzzFigures = {
  seed: number
  requests: number
  seconds: number
  /** "door status" and how often */
  answers: Record<string, number>
  /** Events that were signed, and are held */
  held: number
  /** MB that the heap holds more at the end than after the first part, both after a collection */
  grownMb: number
  residentMb: number
  /** What went wrong, in sentences; empty is the only good answer */
  faults: string[]
}

export type FuzzOptions = { requests: number; seed?: number; house?: HouseOptions }

/** Random and mutated requests over all doors of a whole house; the same seed makes the same ones. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzFigures> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const house = await openHouse({ ...options.house, discord: true })
  const pool = new Pool(house.url, { connections: CONNECTIONS, pipelining: 1 })
  try {
    return await fuzz(house, pool, options.requests, seed)
  } finally {
    await pool.destroy()
    await house.close()
  }
}

async function fuzz(house: HouseWithDiscord, pool: Pool, requests: number, seed: number) {
  const people = Math.min(MOST_PEOPLE, Math.max(6, Math.ceil(requests / REQUESTS_PER_PERSON)))
  const cast = await openCast(house, people)
  const before = new Set((await storedIds(house)).map(({ id }) => id))
  const messages = house.line.book().length
  const tally = openTally(openJudge(cast))
  const all = knocks(cast)
  const began = performance.now()
  let heap = 0
  for (let done = 0; done < requests; done += BATCH) {
    const count = Math.min(BATCH, requests - done)
    await sendAll(house, pool, fc.sample(all, { seed: seed + done, numRuns: count }), tally)
    forgetLogs(house)
    if (heap === 0 && done + count >= requests / 4) heap = heapMb()
    if (tally.faults.length > 10) break
  }
  const seconds = (performance.now() - began) / 1_000
  const grownMb = heapMb() - heap
  await house.settle()
  tally.faults.push(...(await compareBooks(house, before, tally.promised)))
  tally.faults.push(...(await findMessages(house, cast, messages)))
  const resident = process.memoryUsage().rss / 1_048_576
  const { answers, faults, promised, sent } = tally
  return {
    seed,
    requests: sent(),
    seconds,
    answers,
    held: promised.size,
    grownMb,
    residentMb: resident,
    faults,
  }
}

function knocks(cast: Cast): fc.Arbitrary<Knock> {
  return fc.oneof(
    { weight: 8, arbitrary: stripeLetters(cast) },
    { weight: 5, arbitrary: lineLetters(cast) },
    { weight: 5, arbitrary: discordLetters(cast) },
    { weight: 12, arbitrary: apiCalls(cast) },
    { weight: 5, arbitrary: visits(cast) },
    { weight: 2, arbitrary: bareBytes() },
  )
}

const storedIds = (house: House) => house.store.db.selectFrom('events').select('id').execute()

type Tally = ReturnType<typeof openTally>

function openTally(judge: Judge) {
  const answers: Record<string, number> = {}
  const faults: string[] = []
  const promised = new Set<string>()
  let sent = 0
  return {
    answers,
    faults,
    promised,
    sent: () => sent,
    note(knock: Knock, answer: Answer): void {
      sent += 1
      const key = `${knock.door} ${answer.status}`
      answers[key] = (answers[key] ?? 0) + 1
      if (knock.letter) for (const id of mustAnswer(knock).ids) promised.add(id)
      for (const fault of judge(knock, answer)) faults.push(`${fault} — ${tell(knock)}`)
    },
    noteLoss(knock: Knock, error: unknown): void {
      faults.push(`no answer (${error}) — ${tell(knock)}`)
    },
  }
}

/** Enough to send it again by hand. */
function tell({ method, path, headers, body, raw, who }: Knock): string {
  const bytes = (raw ?? body)?.toString('latin1').slice(0, 600) ?? null
  return JSON.stringify({ method, path, headers, bytes, who })
}

async function sendAll(house: House, pool: Pool, list: Knock[], tally: Tally): Promise<void> {
  let next = 0
  const one = async () => {
    for (let knock = list[next++]; knock; knock = list[next++]) {
      const what = knock
      const send = what.raw ? sendBytes(house, what.raw) : sendRequest(pool, what)
      await send.then(
        (answer) => answer && tally.note(what, answer),
        (error) => tally.noteLoss(what, error),
      )
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, one))
}

async function sendRequest(pool: Pool, { method, path, headers, body }: Knock): Promise<Answer> {
  const answer = await pool.request({ method: method as 'GET', path, headers, body })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: await answer.body.text(),
  }
}

/** All that came back as one text, with the worst of the statuses; null: nothing did. */
async function sendBytes(house: House, bytes: Buffer): Promise<Answer | null> {
  const text = await sendRaw(house.url, bytes, true)
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))
  return statuses.length > 0 ? { status: Math.max(...statuses), headers: {}, text } : null
}

/** The stand-ins and the house's log remember everything: that would count as the house's own growth. */
function forgetLogs(house: House): void {
  house.logged.length = 0
  house.stripe.requests.length = 0
  house.line.requests.length = 0
}

/** Nobody hears anything because of a stranger's request: only who claimed a payment gets its receipt. */
async function findMessages(house: House, cast: Cast, before: number): Promise<string[]> {
  const rows = await house.store.db.selectFrom('orders').select(['id', 'person_id']).execute()
  const given = rows.filter(({ id, person_id }) => person_id && cast.unowned.includes(id)).length
  const more = house.line.book().length - before
  return more === given ? [] : [`${more} messages for ${given} claimed payments`]
}

function heapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed / 1_048_576
}
