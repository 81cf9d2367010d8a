/** A mistake that somebody could make, and the test that must not let it pass. */
export type Mutant = {
  name: string
  /** Texts that are replaced; each must stand in its file just once */
  changes: { file: string; from: string; to: string }[]
  caughtBy: { file: string; test: string }
}

const POWER_CUT = {
  file: 'test/power-cut.test.ts',
  test: 'after a power cut, everything that was acknowledged is there',
}
const BATCH = 'batch.flatMap(({ events }) => events)'

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'Stripe is answered before the commit',
    changes: [
      {
        file: 'server/store/record-events.ts',
        from: `const anyNew = await write(${BATCH})\n      for (const each of batch) each.answer()`,
        to: `for (const each of batch) each.answer()\n      const anyNew = await write(${BATCH})`,
      },
    ],
    caughtBy: POWER_CUT,
  },
  {
    name: 'the disk is synced now and then only',
    changes: [
      {
        file: 'server/store/sqlite.ts',
        from: "'synchronous = FULL'",
        to: "'synchronous = NORMAL'",
      },
    ],
    caughtBy: POWER_CUT,
  },
  {
    name: 'each attempt has a retry key of its own',
    changes: [
      {
        file: 'server/notifications/send-now.ts',
        from: 'send(address, delivery.body, key, moment)',
        to: 'send(address, delivery.body, crypto.randomUUID(), moment)',
      },
    ],
    caughtBy: {
      file: 'test/notifications.test.ts',
      test: 'after an error of LINE’s the very same bytes go out again under the same key',
    },
  },
  {
    name: 'only the first page of line items is read',
    changes: [
      {
        file: 'server/stripe/read-checkout.ts',
        from: 'first && !first.has_more',
        to: 'first',
      },
    ],
    caughtBy: {
      file: 'test/orders.test.ts',
      test: 'all 25 lines of a long order are kept and shown',
    },
  },
  {
    name: 'messages are told apart by event instead of by order',
    changes: [
      {
        file: 'server/orders/announce-order.ts',
        from: 'isPaid(order.status) && !isPaid(was)',
        to: 'isPaid(order.status)',
      },
      {
        file: 'server/orders/announce-order.ts',
        from: "{ kind: 'paid', subject: order.id }",
        to: "{ kind: 'paid', subject: news.cause ?? order.id }",
      },
    ],
    caughtBy: {
      file: 'test/letterbox.test.ts',
      test: 'several different events about one payment are one summary',
    },
  },
]
