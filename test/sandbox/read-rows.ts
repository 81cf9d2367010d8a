import Database from 'better-sqlite3'
import type { DemoRows } from './demo-page/state.ts'

/** Who is or was a member, the newest first, and the last thing that they subscribed to. */
const MEMBERS = `
  select group_concat(accounts.id, ' ') as accounts,
    coalesce(max(case accounts.channel when 'line' then accounts.name end), max(accounts.name)) as name,
    memberships.role, memberships.since,
    newest.status, newest.cancel_at
  from memberships
  join accounts on accounts.person_id = memberships.person_id
  left join subscriptions newest on newest.id = (
    select subscriptions.id from subscriptions
    join customers on customers.id = subscriptions.customer_id
    where customers.person_id = memberships.person_id
    order by subscriptions.started_at desc limit 1)
  group by memberships.person_id
  order by memberships.since desc limit 20`

/** Looks into Noren's own database, read-only, so that the page shows rows and not what we think they are. */
export function openRowReader(file: string): { read: () => Promise<DemoRows>; close: () => void } {
  const database = new Database(file, { readonly: true })
  const newest = (table: string, order: string) =>
    database.prepare(`select * from ${table} order by ${order} desc limit 20`)
  const statements = {
    events: newest('events', 'received_at'),
    orders: newest('orders', 'recorded_at'),
    deliveries: newest('deliveries', 'created_at'),
    jobs: newest('jobs', 'id'),
    members: database.prepare(MEMBERS),
  }
  return {
    async read() {
      const rows = Object.entries(statements).map(([table, statement]) => [table, statement.all()])
      return Object.fromEntries(rows) as DemoRows
    },
    close: () => void database.close(),
  }
}
