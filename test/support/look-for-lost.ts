import { dutiesOf } from '../../server/duties.ts'
import { type Became, doDuty } from '../../server/operations/do-duties.ts'
import { sealReference } from '../../shared/reference.ts'
import type { House } from './house.ts'

/** A house whose hourly look for lost orders is done by hand, and a buyer who needs no browser. */
export function lookForLost(house: House) {
  const { clock } = house.desk.post
  const troubles: unknown[] = []

  /** The hourly look, as a worker does it; `atStart` as one that has just started. */
  async function look(atStart = false, stop = new AbortController().signal): Promise<Became> {
    const backfill = dutiesOf(house).find(({ name }) => name === 'backfill')
    if (!backfill) throw new Error('nobody looks for lost orders')
    const report = (error: unknown) => void troubles.push(error)
    return doDuty({ store: house.store, clock, report }, backfill, { atStart, stop })
  }

  /** Looks, and does what it found. */
  async function catchUp(atStart = false): Promise<void> {
    const became = await look(atStart)
    if (became !== 'done') throw new Error(`the look was ${became}: ${troubles}`)
    await house.settle()
  }

  /** The buyer goes to the till with the shop's own reference; nothing is paid yet. */
  function visit(link: string): string {
    const issuedAt = Math.floor(clock.now().getTime() / 1_000)
    const seal = { userId: house.hanako.userId, source: 'shop', issuedAt }
    const reference = sealReference(seal, house.config.referenceSecrets[0] ?? '')
    const url = house.stripe.link(link)?.url
    return house.stripe.visit(`${url}?client_reference_id=${reference}`)
  }

  async function buy(link: string): Promise<string> {
    const session = visit(link)
    await house.stripe.payByCard(session)
    return session
  }

  async function statusOf(session: string): Promise<string | undefined> {
    const rows = house.store.db.selectFrom('orders').select('status')
    return (await rows.where('id', '=', session).executeTakeFirst())?.status
  }

  return {
    look,
    catchUp,
    visit,
    buy,
    statusOf,
    troubles,
    heard: () => house.heard(house.hanako.userId),
    countOrders: async () =>
      (await house.store.db.selectFrom('orders').select('id').execute()).length,
    lists: () => house.stripe.requests.filter((line) => /sessions$|events$/.test(line)),
    sessionReads: () => house.stripe.requests.filter((line) => /sessions\/cs_\w+$/.test(line)),
  }
}
