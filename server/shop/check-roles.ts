import { PORTAL_TASKS } from '../../shared/api.ts'
import { isSnowflake } from '../../shared/reference.ts'
import {
  type Grant,
  MENU_PLACES,
  type Menu,
  type PortalView,
  type Role,
  type ShopConfig,
} from './define-shop.ts'
import { isText } from './is-text.ts'

type Fault = (where: string, sentence: string) => void

const GUEST = 'guest'
/** Stripe takes no more for a pause than a year. */
const MOST_MONTHS = 12
const SIZES: Record<string, number> = { large: 6, compact: 3 }
const IDS = { product: /^prod_\w+$/, price: /^price_\w+$/, offer: /^plink_\w+$/ } as const

/** What is wrong with roles, menus and portal views, in sentences. The file may be plain JavaScript. */
export function checkRoles(shop: ShopConfig, fault: Fault): void {
  const { roles = [], membership = {}, portal = {} } = shop
  if (!Array.isArray(roles)) {
    fault('roles', 'must be a list: [{ id: "member", … }].')
    return
  }
  const seen = new Set<string>()
  for (const role of roles) {
    const name = typeof role?.id === 'string' ? role.id : ''
    if (!/^[a-z][a-z0-9_-]{0,31}$/.test(name))
      fault('roles', `: "${name}" is no id; use one lower-case word, like member.`)
    else if (seen.has(name)) fault('roles', `: "${name}" stands there twice.`)
    seen.add(name)
    checkRole(role, portal, (where, sentence) => fault(`roles.${name}${where}`, sentence))
  }
  const { graceDays, onDispute } = membership
  if (
    graceDays !== undefined &&
    !(Number.isInteger(graceDays) && graceDays >= 0 && graceDays <= 60)
  )
    fault('membership.graceDays', 'must be a whole number of days from 0 to 60.')
  if (onDispute !== undefined && !['suspend', 'keep'].includes(onDispute))
    fault('membership.onDispute', 'must be suspend or keep.')
  for (const [name, view] of Object.entries(portal)) checkView(name, view, fault)
}

function checkRole(role: Role, views: Record<string, PortalView>, fault: Fault): void {
  if (!role || typeof role !== 'object') return
  if (!isText(role.title)) fault('.title', 'is missing: what a member is called.')
  if (role.id === GUEST && (role.grants ?? []).length > 0)
    fault('.grants', 'must be empty: everybody else is a guest.')
  for (const grant of role.grants ?? []) checkGrant(grant, fault)
  for (const view of [role.portal ?? []].flat())
    if (!['guest', 'member', 'past_due'].includes(view) && !Object.hasOwn(views, view))
      fault('.portal', `names "${view}", which is no view under "portal".`)
  if (role.menu) checkMenu(role.menu, fault)
  checkDiscordRoles(role, fault)
}

/** A number would be rounded by JavaScript, and be another role's. */
function checkDiscordRoles({ id, discordRoles }: Role, fault: Fault): void {
  const all = [discordRoles ?? []].flat()
  if (id === GUEST && all.length > 0)
    fault('.discordRoles', 'must be empty: a guest has no role of ours on the server.')
  for (const each of all)
    if (!isSnowflake(each))
      fault(
        '.discordRoles',
        `: "${each}" is no id of a Discord role; it is a long number in quotes (Server Settings, Roles, the role’s …, Copy Role ID, with Developer Mode on).`,
      )
}

function checkGrant(grant: Grant, fault: Fault): void {
  const kinds = Object.keys(IDS) as (keyof typeof IDS)[]
  const kind = kinds.find((each) => grant && typeof grant === 'object' && each in grant)
  if (!kind) {
    fault(
      '.grants',
      'must each be { product: "prod_…" }, { price: "price_…" } or { offer: "plink_…" }.',
    )
    return
  }
  for (const id of [(grant as Record<string, string | string[]>)[kind]].flat())
    if (!IDS[kind].test(String(id)))
      fault(
        '.grants',
        `: "${id}" is no ${kind} id of Stripe's (${IDS[kind].source.slice(1, -4)}…).`,
      )
  const { days } = grant as { days?: unknown }
  if (days !== undefined && !(Number.isInteger(days) && Number(days) > 0))
    fault('.grants', ': days must be a whole number above 0; without it the role is for good.')
}

function checkMenu(menu: Menu, fault: Fault): void {
  const tiles = Array.isArray(menu.tiles) ? menu.tiles : []
  const most = SIZES[menu.size ?? 'large']
  if (!most) fault('.menu.size', 'must be large or compact.')
  if (tiles.length < 1 || tiles.length > (most ?? 6))
    fault('.menu.tiles', `must be 1 to ${most ?? 6} tiles.`)
  for (const tile of tiles) {
    const opens = String(tile?.opens)
    const known = MENU_PLACES.some((place) => place === opens)
    if (!known && !/^(https:\/\/|tel:)\S+$/.test(opens))
      fault(
        '.menu.tiles',
        `: "${opens}" opens nothing; use ${MENU_PLACES.join(', ')}, or an address with https:// or tel:.`,
      )
    if (!known && !isText(tile?.label)) fault('.menu.tiles', `: "${opens}" needs a label.`)
  }
}

function checkView(name: string, view: PortalView, fault: Fault): void {
  const where = `portal.${name}`
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(name))
    fault('portal', `: "${name}" is no name; use one lower-case word.`)
  if (PORTAL_TASKS.some((task) => task === name))
    fault('portal', `: "${name}" is the name of a task; call the view something else.`)
  if (!view || typeof view !== 'object') {
    fault(where, 'must be { card: true, … }.')
    return
  }
  if (view.cancel !== undefined && !['period_end', 'now'].includes(view.cancel))
    fault(`${where}.cancel`, 'must be period_end or now.')
  const { pause } = view
  const months = Array.isArray(pause)
  if (pause !== undefined && pause !== 'open' && !months)
    fault(`${where}.pause`, 'must be a list of months, like [1, 3], or open.')
  if (months && !pause.every((each) => Number.isInteger(each) && each > 0 && each <= MOST_MONTHS))
    fault(`${where}.pause`, `must hold months from 1 to ${MOST_MONTHS}.`)
}
