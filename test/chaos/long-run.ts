import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createLineSandbox } from '../sandbox/line/start.ts'
import { sandboxEnv } from '../sandbox/sandbox-env.ts'
import { createStripeSandbox } from '../sandbox/stripe/start.ts'
import type { LineSandbox, StripeSandbox } from '../sandbox/types.ts'
import { makeBadDay, type Spoiled } from './bad-day.ts'
import { type Books, openBooks } from './books.ts'
import { checkBook, type Verdict } from './check-book.ts'
import { type Houses, openHouses, type Role } from './houses.ts'
import { chanceFrom } from './seed.ts'
import { writeShop } from './shop-file.ts'
import { inviteShoppers, type Shoppers, type Wish } from './shoppers.ts'
import { tellStory } from './story.ts'
import { openPost, type Post } from './unruly-post.ts'

export type LongRun = {
  seed: number
  orders: number
  ordersPerSecond: number
  roles: readonly Role[]
  /** Milliseconds between two kills, about; no more than `kills` in all */
  killEvery: number
  kills: number
  /** Calls of each hanging kind */
  hangs: number
  /** How long a buyer takes between two steps, in ms, at the most */
  slowness: number
  /** Time that nobody learns from (a dead process's claims, pauses before a retry) is taken out. */
  hurry: boolean
  /** How long the rest may take once the last buyer is done, in ms */
  patience: number
  /** As the setting has it; a test key's own otherwise */
  stripeRate?: string
  databaseUrl?: string
  /** Called once, in the middle: the database's own bad day */
  midway?: () => Promise<void>
}

export type LongRunFigures = Verdict & {
  orders: number
  kills: number
  fell: string[]
  letters: { twice: number; late: number; neverSent: number; sentAgain: number }
  spoiled: Spoiled
  /** Events answered 2xx that are in no book */
  forgotten: string[]
  seconds: number
  /** What happened to the first orders that went wrong */
  stories: string[]
}

/**
 * A bad day from the first order to the last: processes are killed, letters come twice, late or never,
 * a fifth of the calls to LINE and Stripe goes wrong. Then the vendors recover, a day passes, and
 * LINE's own book is compared with Stripe's. Rejects when the house does not come to rest.
 */
export async function runLong(run: LongRun): Promise<LongRunFigures> {
  const chance = chanceFrom(run.seed)
  const folder = mkdtempSync(join(tmpdir(), 'noren-chaos-'))
  let houses: Houses | null = null
  let books: Books | null = null
  const post = openPost(chance, () => houses?.urls ?? [])
  const { stripe, line, staff, env } = await openVendors(run, folder, post)
  const began = performance.now()
  try {
    houses = await openHouses({ roles: run.roles, env, folder })
    books = openBooks(env['DATABASE_URL'] ?? '')
    stripe.sendWebhooksTo(`${houses.urls[0]}/webhooks/stripe`)
    line.sendWebhooksTo(`${houses.urls[0]}/webhooks/line`)
    const referenceSecret = env['REFERENCE_SECRET'] ?? ''
    const { slowness } = run
    const shoppers = inviteShoppers({ stripe, line, chance, referenceSecret, slowness })
    const spoiled = makeBadDay({ stripe, line }, chance, run.hangs)
    await sellUnderFire({ run, chance, houses, books, shoppers })
    stripe.clearFaults()
    line.clearFaults()
    await rest({ run, post, books })
    // Once more in peace: who looked for lost ones may have been killed in the middle of it.
    await books.passADay()
    await rest({ run, post, books })
    return {
      ...(await judge({ stripe, line, staff, books, post, wishes: shoppers.wishes })),
      orders: shoppers.wishes.length,
      kills: houses.killed,
      fell: houses.fell,
      letters: countLetters(post),
      spoiled,
      seconds: (performance.now() - began) / 1_000,
    }
  } finally {
    post.close()
    await stripe.close()
    await houses?.stop()
    await books?.close()
    await line.close()
    // Kept on demand: what each process said, and SQLite's file.
    if (!process.env['CHAOS_KEEP']) rmSync(folder, { recursive: true, force: true })
  }
}

async function openVendors(run: LongRun, folder: string, post: Post) {
  const stripe = await createStripeSandbox({ carry: post.carry, seed: run.seed })
  const line = await createLineSandbox({ redeliver: true })
  const staff = line.addGroup('スタッフ')
  const database = run.databaseUrl ?? `file:${join(folder, 'noren.db')}`
  const env: Record<string, string> = {
    ...sandboxEnv({ stripe, line }, { database, publicUrl: 'http://localhost:3000' }),
    SHOP_CONFIG: writeShop(folder, staff),
    ...(run.stripeRate ? { STRIPE_RATE: run.stripeRate } : {}),
  }
  return { stripe, line, staff, env }
}

/** What LINE's book says, and the story of the first three orders that went wrong. */
async function judge(parts: {
  stripe: StripeSandbox
  line: LineSandbox
  staff: string
  books: Books
  post: Post
  wishes: readonly Wish[]
}) {
  const verdict = checkBook(parts)
  const forgotten = await parts.books.missing(parts.post.acked)
  const wrong = [...verdict.lost, ...verdict.double, ...verdict.wrong].slice(0, 3)
  const stories: string[] = []
  for (const what of wrong) stories.push(await tellStory(what, parts))
  return { ...verdict, forgotten, stories }
}

async function sellUnderFire(parts: {
  run: LongRun
  chance: () => number
  houses: Houses
  books: Books
  shoppers: Shoppers
}): Promise<void> {
  const { run, chance, houses, books, shoppers } = parts
  let open = true
  const fire = async () => {
    while (open && houses.killed < run.kills) {
      await wait(run.killEvery * (0.5 + chance()))
      if (!open) return
      const meanwhile = run.hurry ? () => books.forgetClaims() : undefined
      await houses.killOne(Math.floor(chance() * houses.count), meanwhile)
    }
  }
  const firing = fire()
  const buyers: Promise<void>[] = []
  for (let sent = 0; sent < run.orders; sent++) {
    buyers.push(shoppers.send())
    if (sent === Math.floor(run.orders / 2)) await run.midway?.()
    await wait((1_000 / run.ordersPerSecond) * 2 * chance())
  }
  await Promise.race([Promise.all(buyers), firing.then(() => Promise.all(buyers))])
  open = false
  await firing
}

/** Until every letter is answered and nothing is open in the books. */
async function rest({ run, post, books }: { run: LongRun; post: Post; books: Books }) {
  for (const began = performance.now(); ; await wait(250)) {
    if (run.hurry) await books.hurry()
    const open = await books.open()
    if (post.underWay === 0 && open.events === 0 && open.deliveries === 0) return
    if (performance.now() - began > run.patience)
      throw new Error(
        `not at rest: ${post.underWay} letters, ${open.events} events, ${open.deliveries} messages open (CHAOS_SEED=${run.seed})`,
      )
  }
}

function countLetters({ fates, refused }: Post): LongRunFigures['letters'] {
  const count = (...wanted: string[]) =>
    [...fates.values()].filter((fate) => wanted.includes(fate)).length
  return {
    twice: count('twice'),
    late: count('late'),
    neverSent: count('unsent', 'unknown'),
    sentAgain: refused,
  }
}
