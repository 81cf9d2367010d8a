import { listEvents } from '../operations/list-rows.ts'
import type { Command } from './command.ts'
import { BAD_LIMIT, limitOf, listed } from './table.ts'

/** What rang, newest first; with `--unhandled` what is open or was given up. */
export const events: Command = async ({ store }, _words, options) => {
  const most = limitOf(options)
  if (!most) return BAD_LIMIT
  const rows = await listEvents(store.db, { unhandled: options.unhandled === true, most })
  return listed(
    rows,
    options,
    options.unhandled ? 'Every event is handled.' : 'Nothing has rung yet.',
  )
}
