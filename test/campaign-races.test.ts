import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CampaignDesk } from '../server/campaigns/open-round.ts'
import { runCampaigns } from '../server/campaigns/run-campaigns.ts'
import { type Furnished, furnish } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { describeAccount, ensureAccount } from '../server/people/people.store.ts'
import { refreshCatalogue } from '../server/shop/catalogue.ts'
import { ENGINES } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'

describe.each(ENGINES)('with the books in %s', (engine) => {
  let house: House
  let tea: string
  let others: Furnished[]

  beforeAll(async () => {
    house = await openHouse({ engine })
    tea = house.stripe.addLink(TEA).id
    await refreshCatalogue(house.catalogue)
    const log = openLog('silent', { write: () => {} })
    others = [1, 2].map(() => furnish(house.config, house.desk.post.clock, log))
  })
  afterAll(async () => {
    for (const each of others) await each.close()
    await house.close()
  })

  /** Long after this test. */
  function hoursFromNow(hours: number) {
    const hour = (house.desk.post.clock.now().getUTCHours() + 9 + hours) % 24
    return { from: hour, to: (hour + 1) % 24 }
  }

  /** Friends who came a month ago; nobody else is one. */
  async function friends(count: number): Promise<string[]> {
    const at = new Date(house.desk.post.clock.now().getTime() - 30 * 86_400_000)
    await house.store.db.updateTable('accounts').set({ friend: 0 }).execute()
    return house.store.transaction(async (tx) => {
      const made = Array.from({ length: count }, () =>
        house.line.addUser({ name: '花', friend: true }),
      )
      for (const { userId } of made) {
        const { id } = await ensureAccount(tx, userId, at)
        await describeAccount(tx, id, { friend: 1 })
      }
      return made.map(({ userId }) => `line:${userId}`)
    })
  }

  /** A process with its rules in an order of its own, as though each were at another place of its walk. */
  function processes(count: number, days: readonly number[]): CampaignDesk[] {
    const rules = days.map((afterDays, at) => ({
      id: `r${engine[0]}-${Math.random().toString(36).slice(2, 10)}-${at}`,
      to: { free: { afterDays } },
      offer: tea,
      title: 'お茶',
      text: '{name}さま',
    }))
    return [house, ...others].slice(0, count).map(({ campaigns }, turned) => {
      const own = [...rules.slice(turned % rules.length), ...rules.slice(0, turned % rules.length)]
      const shop = {
        ...house.config.shop,
        campaigns: { rules: own, quietHours: hoursFromNow(6) },
      }
      return { ...campaigns, post: { ...campaigns.post, shop } }
    })
  }

  test('however many processes write at once, and whichever rule each begins with, nobody hears twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 2, max: 3 }),
        async (days, count) => {
          const accounts = await friends(3)
          const written = await Promise.all(
            processes(count, days).map((desk) => runCampaigns(desk)),
          )
          expect(written.reduce((sum, each) => sum + each)).toBe(accounts.length)
          const rows = await house.store.db
            .selectFrom('deliveries')
            .select('account_id')
            .where('account_id', 'in', accounts)
            .execute()
          expect(rows.map(({ account_id }) => account_id).sort()).toEqual(accounts.sort())
        },
      ),
      { numRuns: 6 },
    )
  })
})
