import { listDeliveries } from '../operations/list-rows.ts'
import type { Command } from './command.ts'
import { BAD_LIMIT, limitOf, listed } from './table.ts'

/** Messages, newest first; with `--dead` those that were given up, with `--late` those that came too late to be sent. */
export const deliveries: Command = async ({ store }, _words, options) => {
  const most = limitOf(options)
  if (!most) return BAD_LIMIT
  const rows = await listDeliveries(store.db, {
    dead: options.dead === true,
    late: options.late === true,
    most,
  })
  return listed(
    // 66 characters of Stripe's would leave no room on a screen for why it failed.
    options.json ? rows : rows.map(({ session, ...row }) => row),
    options,
    options.dead
      ? 'No message was given up.'
      : options.late
        ? 'No order was too old for its buyer.'
        : 'There is no message yet.',
  )
}
