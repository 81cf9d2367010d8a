import Database from 'better-sqlite3'
import type { DemoRows } from './demo-page/state.ts'

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
  }
  return {
    async read() {
      const rows = Object.entries(statements).map(([table, statement]) => [table, statement.all()])
      return Object.fromEntries(rows) as DemoRows
    },
    close: () => void database.close(),
  }
}
