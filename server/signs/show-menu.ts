import { addressOf, findAccount } from '../people/people.store.ts'
import type { Clock, Log, MenuSpec, Sign, Store } from '../ports.ts'
import type { shareNext } from '../share-next.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { menuSpec, type OwnPictures } from './menu-spec.ts'
import type { How } from './show-sign.ts'
import { doubtSign, dropMenu, findMenu, findSign, keepMenu, noteApplied } from './signs.store.ts'

export type MenuDesk = {
  store: Store
  clock: Clock
  log: Log
  sign: Sign
  shop: ShopConfig
  liffId: string
  pictures: OwnPictures
  /** One menu is made by one at a time: LINE lets a hundred be made in an hour */
  share: ReturnType<typeof shareNext<string>>
}

/** Once for a menu that is gone; twice, and somebody deletes what we make. */
const TRIES = 2

/** A role as a rich menu in LINE. */
export async function showMenu(
  desk: MenuDesk,
  accountId: string,
  { look, surely }: How,
): Promise<'overtaken' | undefined> {
  const { store, clock } = desk
  const sign = await findSign(store.db, accountId)
  const account = await findAccount(store.db, accountId)
  // Out of reach LINE says yes and does nothing; the next follow rings again.
  if (!sign || !account || account.friend === 0) return
  const spec = menuSpec(desk, sign.role, account.language ?? desk.shop.language ?? 'ja')
  const key = desk.sign.keyOf(spec)
  const address = addressOf(accountId)
  const there = sign.applied === key && !surely && (!look || (await isShown(desk, address, key)))
  if (there && !look) return
  if (!there)
    await show(desk, spec, (menu) => desk.sign.show(address, menu)).catch(async (error) => {
      // What LINE did not answer it may still do, after whatever it is told next.
      await store.single((db) => doubtSign(db, accountId))
      throw error
    })
  const noted = await store.single((db) => noteApplied(db, sign, key, clock.now()))
  return noted ? undefined : 'overtaken'
}

async function isShown(desk: MenuDesk, address: string, key: string): Promise<boolean> {
  const menu = await findMenu(desk.store.db, key)
  return menu !== null && (await desk.sign.shown(address)) === menu
}

async function show(
  desk: MenuDesk,
  spec: MenuSpec,
  tell: (menu: string) => Promise<boolean>,
): Promise<void> {
  const key = desk.sign.keyOf(spec)
  for (let tried = 0; tried < TRIES; tried++) {
    const menu = await desk.share(key, () => ensureMenu(desk, key, () => desk.sign.make(spec)))
    if (await tell(menu)) return
    await desk.store.single((db) => dropMenu(db, key, menu))
  }
  throw new Error(`LINE does not know the menu ${key} that it has just taken`)
}

/**
 * The vendor's id of the menu with this content, made where it is missing. Two processes may make it at
 * once: the first that is kept counts, and the other is deleted again.
 */
async function ensureMenu(
  desk: Pick<MenuDesk, 'store' | 'clock' | 'sign' | 'log'>,
  key: string,
  make: () => Promise<string>,
): Promise<string> {
  const { store, clock, sign, log } = desk
  const known = await findMenu(store.db, key)
  if (known) return known
  // A database that was restored, or made anew, need not make what LINE still holds.
  const held = (await sign.list()).find((menu) => menu.key === key)
  const made = held?.id ?? (await make())
  const kept = await store.transaction((tx) => keepMenu(tx, key, made, clock.now()))
  if (kept !== made && !held) await sign.remove(made)
  log.info({ menu: key }, held ? 'a menu was found again' : 'a menu was made')
  return kept
}

/** The guests' menu, in the shop's own language: who has never been seen sees this one. */
export async function keepDefaultMenu(desk: MenuDesk): Promise<void> {
  const spec = menuSpec(desk, 'guest', desk.shop.language ?? 'ja')
  const shown = await desk.sign.defaultMenu()
  if (shown && shown === (await findMenu(desk.store.db, desk.sign.keyOf(spec)))) return
  await show(desk, spec, (menu) => desk.sign.showToAll(menu))
}
