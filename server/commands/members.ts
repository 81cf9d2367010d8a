import { listMembers } from '../operations/list-members.ts'
import type { Command } from './command.ts'
import { BAD_LIMIT, limitOf, listed } from './table.ts'

/** Who holds a role, since when and by what; with `--due` whose payment is open. No names: userIds, LINE’s (U…) or Discord’s (D…). */
export const members: Command = async ({ store }, _words, options) => {
  const most = limitOf(options)
  if (!most) return BAD_LIMIT
  const rows = await listMembers(store.db, { due: options.due === true, most })
  return listed(rows, options, options.due ? 'Nobody owes a payment.' : 'There is no member yet.')
}
