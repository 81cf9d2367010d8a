import type { LineSandbox } from '../types.ts'
import type { DemoControls } from './actions.ts'
import { idsOfHolder, memberOf } from './find-member.ts'
import { eventsThatRing, newestRefundable, newestWaiting } from './find-target.ts'
import { readDiscord } from './read-discord.ts'
import type { DemoMail, DemoMenu, DemoOptions, DemoState } from './state.ts'

/** The phone keeps its newest messages and each table its newest rows; older ones have scrolled away. */
const MESSAGES_SHOWN = 30
const ROWS_SHOWN = 20

/** What the page shows now: both stand-ins' state and Noren's own rows, without the message bodies. */
export async function readState(options: DemoOptions, controls: DemoControls): Promise<DemoState> {
  const { stripe, line, staff = null } = options
  const rows = await options.readRows()
  return {
    shop: { ...options.shop, url: options.shopUrl },
    liffId: line.liffId,
    people: options.people.map((person) => line.user(person.userId) ?? person),
    staff,
    holder: line.holder,
    chat: line.holder ? line.chat(line.holder).slice(-MESSAGES_SHOWN) : [],
    staffChat: staff ? line.chat(staff.id).slice(-MESSAGES_SHOWN) : [],
    said: line.holder ? line.said(line.holder).slice(-MESSAGES_SHOWN) : [],
    menu: menuOfHolder(line),
    mails: mailsOf(options),
    discord: readDiscord(options, controls),
    lineOff: controls.lineOff(),
    webhooksHeld: controls.webhooksHeld(),
    heldCount: controls.heldCount(),
    waiting: newestWaiting(stripe),
    refundable: newestRefundable(stripe),
    member: memberOf(stripe, idsOfHolder(options)),
    newestEvent: eventsThatRing(stripe)[0]?.type ?? null,
    rows: {
      events: rows.events.map(pick('id', 'source', 'type', 'outcome')).slice(0, ROWS_SHOWN),
      orders: rows.orders
        .map(pick('id', 'number', 'status', 'amount', 'refunded', 'currency', 'account_id'))
        .slice(0, ROWS_SHOWN),
      deliveries: rows.deliveries
        .map(pick('id', 'kind', 'state', 'attempts', 'account_id'))
        .slice(0, ROWS_SHOWN),
      jobs: rows.jobs.map(pick('id', 'kind', 'attempts', 'error')).slice(0, ROWS_SHOWN),
      members: rows.members,
    },
  }
}

/** Without the picture's bytes: those have an address of their own, which a browser can keep. */
function menuOfHolder(line: LineSandbox): DemoMenu | null {
  const menu = line.holder ? line.menuOf(line.holder) : null
  if (!menu) return null
  const { image: _, name: __, ...shown } = menu
  return { ...shown, picture: `menus/${menu.richMenuId}` }
}

function mailsOf({ mail }: DemoOptions): DemoMail[] {
  const all = mail?.box() ?? []
  return all
    .map(({ at, to, subject }, index) => ({ at, to, subject, path: `mail/box/${index}` }))
    .reverse()
    .slice(0, MESSAGES_SHOWN)
}

function pick<const K extends string>(...keys: K[]) {
  return <T extends Record<K, unknown>>(row: T) =>
    Object.fromEntries(keys.map((key) => [key, row[key]])) as Pick<T, K>
}
