import type { ExpressionBuilder } from 'kysely'
import { type OwnBell, ringBell } from '../people/ring-bell.ts'
import type { Db, Tables } from '../ports.ts'
import { menuSpec } from './menu-spec.ts'
import type { SignDesk } from './show-sign.ts'
import { hasSigns } from './wish-sign.ts'

const PAGE = 500
/** Each costs LINE a question; in a month every member of a large shop has had theirs. */
const LOOKED_AT = 500

/**
 * Rings for every account whose sign is not what it should be (a menu was redesigned, a vendor's bad day),
 * and has those looked at whose sign was checked longest ago: somebody may have changed it by hand.
 */
export async function sweepSigns(desk: SignDesk, stop?: AbortSignal): Promise<number> {
  if (!hasSigns(desk.shop)) return 0
  const keys = new Map<string, string>()
  let rung = 0
  for (let behind = ''; ; ) {
    const page = await signsBehind(desk.store.db, behind)
    stop?.throwIfAborted()
    const due = page.filter((each) => each.applied !== keyFor(desk, keys, each))
    await ringAll(desk, 'sign', due)
    rung += due.length
    behind = page.at(-1)?.account_id ?? ''
    if (page.length < PAGE) break
  }
  await ringAll(desk, 'look', await checkedLongestAgo(desk.store.db))
  return rung
}

type Shown = { role: string; language: string | null }

function keyFor(desk: SignDesk, keys: Map<string, string>, { role, language }: Shown): string {
  const spoken = (language ?? desk.shop.language ?? 'ja') as Parameters<typeof menuSpec>[2]
  const name = `${role} ${spoken}`
  const known = keys.get(name) ?? desk.sign.keyOf(menuSpec(desk, role, spoken))
  keys.set(name, known)
  return known
}

function signsBehind(db: Db, behind: string) {
  return db
    .selectFrom('signs')
    .innerJoin('accounts', 'accounts.id', 'signs.account_id')
    .select(['account_id', 'role', 'applied', 'language'])
    .where('account_id', '>', behind)
    .where(isInReach)
    .orderBy('account_id')
    .limit(PAGE)
    .execute()
}

/** Who has blocked the shop is not looked at, and would stand first in this row for good. */
function checkedLongestAgo(db: Db) {
  return db
    .selectFrom('signs')
    .innerJoin('accounts', 'accounts.id', 'signs.account_id')
    .select('account_id')
    .where('applied', 'is not', null)
    .where(isInReach)
    .orderBy('applied_at')
    .limit(LOOKED_AT)
    .execute()
}

function isInReach(eb: ExpressionBuilder<Tables, 'accounts'>) {
  return eb.or([eb('friend', 'is', null), eb('friend', '=', 1)])
}

async function ringAll(
  desk: SignDesk,
  kind: OwnBell,
  signs: readonly { account_id: string }[],
): Promise<void> {
  if (signs.length === 0) return
  await desk.store.transaction(async (tx) => {
    for (const { account_id } of signs) await ringBell(desk, tx, { kind, about: account_id })
  })
}
