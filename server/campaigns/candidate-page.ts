import type { Db } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { SubscriptionRow } from '../store/tables.ts'

/** Somebody whom a rule is for, before it is asked what stands against it. */
export type Candidate = {
  personId: string
  /** What they subscribe to, where that is why they fit */
  subscription: SubscriptionRow | null
  /** The role they hold, or held; null: none */
  role: string | null
}

/** `next`: where the following page begins; null: that was the last one. */
export type Page = { candidates: Candidate[]; next: string | null }

/** So many rows are looked at in one go. */
export const PAGE = 500
/** `after`: the page begins behind it; empty: the first one. */
export type Look = { db: Db; shop: ShopConfig; now: Date; after: string }

/** Rows as the books gave them, and whom of them the rule is for. */
export function pageOf<R extends { key: string }>(rows: R[], found: (row: R) => Candidate[]): Page {
  return { candidates: rows.flatMap(found), next: nextAfter(rows) }
}

export function nextAfter(rows: readonly { key: string }[]): string | null {
  return rows.length < PAGE ? null : (rows.at(-1)?.key ?? null)
}
