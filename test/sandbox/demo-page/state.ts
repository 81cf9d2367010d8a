import type { APIApplicationCommand } from 'discord-api-types/v10'
import type { Selectable } from 'kysely'
import type Stripe from 'stripe'
import type { Role } from '../../../server/shop/define-shop.ts'
import type {
  DeliveriesTable,
  EventsTable,
  JobsTable,
  OrdersTable,
} from '../../../server/store/tables.ts'
import type { Localized } from '../../../shared/language.ts'
import type {
  AcceptedPush,
  DiscordMessage,
  DiscordSandbox,
  DiscordUser,
  Happening,
  LineSandbox,
  LineUser,
  MailSandbox,
  ReceivedMail,
  RichMenu,
  Said,
  StripeSandbox,
} from '../types.ts'

/** One line of what Noren knows of its members: what they are, and what they subscribed to last. */
export type MemberRow = {
  /** All accounts of this person, with spaces between them */
  accounts: string
  name: string | null
  role: string
  since: string
  status: string | null
  cancel_at: string | null
}

/** Noren's tables that the page shows, newest row first; more than twenty of each are not shown. */
export type DemoRows = {
  events: Selectable<EventsTable>[]
  orders: Selectable<OrdersTable>[]
  deliveries: Selectable<DeliveriesTable>[]
  jobs: Selectable<JobsTable>[]
  members: MemberRow[]
}

/**
 * What the page needs from the rig that starts it.
 *
 * - `shopUrl`: where the demo build of the LIFF app answers. It must be the origin that also serves
 *   /__demo/ (the page empties the LIFF SDK's storage when the phone changes hands, and hears taps on
 *   "add as a friend" inside the frame). A real shop forbids being framed, so the server in front of
 *   it has to answer `frame-ancestors 'self'` and `x-frame-options: SAMEORIGIN` instead, here only.
 *   The stand-ins' pay and voucher pages are framed too, so they must not forbid it.
 * - Payment Links return to `shopUrl`, not to https://liff.line.me, which no demo can answer.
 * - `watchers` subscribes to every Happening of both stand-ins and returns the way to stop.
 * - `people` are the hands that the phone can be in: first a friend of the shop, then somebody who
 *   is not, then an English speaker. The first one holds it when the page opens.
 * - `staff`: the group that hears of paid orders, if there is one; its chat can be looked into.
 */
export type DemoOptions = {
  stripe: StripeSandbox
  line: LineSandbox
  /** Where mails end up; without one there are only previews */
  mail?: MailSandbox
  /** The same people once more, on Discord; without it the page has the phone alone */
  discord?: DemoServer
  watchers: (watch: (happening: Happening) => void) => () => void
  readRows: () => Promise<DemoRows>
  shopUrl: string
  shop: { name: Localized; brand: string; roles: Pick<Role, 'id' | 'title'>[] }
  people: LineUser[]
  staff?: { id: string; name: string }
}

/**
 * Discord as the page needs it. `users`: who the people of the demo are there, by their LINE ids. `browserUrl`:
 * where the shop stands in the browser that a link in Discord opens.
 */
export type DemoServer = {
  sandbox: DiscordSandbox
  users: Map<string, DiscordUser>
  browserUrl: string
}

/** A Happening with its place in the line, so that a browser that reconnects misses and repeats none. */
export type NumberedHappening = Happening & { id: number }

/** An order that a button would act on: Stripe's session id and what is at stake, in minor units. */
export type Target = { session: string; amount: number; currency: string } | null

/** The rich menu of whoever holds the phone; `picture` is where its bytes are, below /__demo/. */
export type DemoMenu = Pick<
  RichMenu,
  'richMenuId' | 'size' | 'selected' | 'chatBarText' | 'areas'
> & { picture: string }

/** What whoever holds the phone subscribes to, and when it is for them: time can be moved at Stripe. */
export type DemoMember = {
  /** ISO 8601 */
  time: string
  /** true once their time has left everybody else's */
  moved: boolean
  status: Stripe.Subscription.Status
  leaving: boolean
  /** Until Stripe asks for money again, or the subscription ends */
  daysLeft: number
}

export type ServerRole = keyof DiscordSandbox['roles']

/** The server as whoever holds the phone sees it, and what the switches on it say. */
export type DemoDiscord = {
  /** null: they have no account there */
  me: DiscordUser | null
  onServer: boolean
  takesDms: boolean
  /** The bot's role stands below the one for members, and so may not give it */
  botBelow: boolean
  members: { id: string; name: string; roles: ServerRole[] }[]
  /** What the bot wrote on the server, for this reader alone, and in their chat; oldest first */
  talk: DiscordMessage[]
  dms: DiscordMessage[]
  commands: Pick<
    APIApplicationCommand,
    'id' | 'name' | 'name_localizations' | 'description' | 'description_localizations' | 'options'
  >[]
  browserUrl: string
}

/** One mail that went out; `path` is where it can be looked at, below /__demo/. */
export type DemoMail = Pick<ReceivedMail, 'at' | 'to' | 'subject'> & { path: string }

/** Everything the page shows besides the timeline; sent whole whenever any of it changed. */
export type DemoState = {
  shop: DemoOptions['shop'] & { url: string }
  liffId: string
  people: LineUser[]
  staff: { id: string; name: string } | null
  holder: string | null
  /** What LINE took for the holder, and for the staff group, oldest first. */
  chat: AcceptedPush[]
  staffChat: AcceptedPush[]
  /** What the holder wrote to the shop, oldest first. */
  said: Said[]
  menu: DemoMenu | null
  /** What went out by mail, newest first. */
  mails: DemoMail[]
  /** null: this demo has no Discord */
  discord: DemoDiscord | null
  lineOff: boolean
  webhooksHeld: boolean
  /** How many events pile up while webhooks are held. */
  heldCount: number
  /** The newest order that waits for cash, and the newest one with money to give back. */
  waiting: Target
  refundable: Target
  /** null: the holder of the phone subscribes to nothing. */
  member: DemoMember | null
  /** Type of the event that "resend" would send again. */
  newestEvent: string | null
  rows: {
    events: Pick<DemoRows['events'][number], 'id' | 'source' | 'type' | 'outcome'>[]
    orders: Pick<
      DemoRows['orders'][number],
      'id' | 'number' | 'status' | 'amount' | 'refunded' | 'currency' | 'account_id'
    >[]
    deliveries: Pick<
      DemoRows['deliveries'][number],
      'id' | 'kind' | 'state' | 'attempts' | 'account_id'
    >[]
    jobs: Pick<DemoRows['jobs'][number], 'id' | 'kind' | 'attempts' | 'error'>[]
    members: MemberRow[]
  }
}

/** For whoever holds the phone, while they subscribe to something. */
export const TIME_MACHINE = [
  'next_month',
  'some_days',
  'card_fails',
  'card_works',
  'leave',
  'stay',
] as const

/** On Discord, for whoever holds the phone. */
export const DISCORD_SWITCHES = [
  'discord_leave',
  'discord_come_back',
  'discord_refuse_dms',
  'discord_take_dms',
  'discord_give_tea',
  'discord_take_tea',
  'discord_take_member',
  'discord_bot_below',
  'discord_bot_above',
] as const

/** What the buttons ask for: the body of POST /__demo/act. */
export type DemoAction =
  | { action: 'hand_phone_to'; userId: string }
  | { action: 'follow' | 'unfollow' }
  | { action: 'say'; text: string }
  /** `shown` is the postback action's displayText: the chat shows it as the user's own words. */
  | { action: 'tap'; data: string; shown?: string }
  | { action: 'settle_konbini' | 'lapse_konbini' }
  | { action: 'refund'; part: boolean }
  | { action: 'resend_twice' }
  | { action: 'line_off' | 'line_on' }
  | { action: 'hold_webhooks' | 'release_shuffled' }
  | { action: (typeof TIME_MACHINE)[number] }
  | { action: (typeof DISCORD_SWITCHES)[number] }
  | { action: 'discord_type'; command: string; code?: string }
  /** `label`: of the message's buttons, the one with these words */
  | { action: 'discord_press'; message: string; label: string }

/** Why a button did nothing; the page turns each into a sentence. */
export const REFUSALS = [
  'unknown_person',
  'nothing_waiting',
  'nothing_to_refund',
  'nothing_to_resend',
  'nothing_subscribed',
  'not_on_discord',
  'not_on_server',
  'message_gone',
] as const
export type Refusal = (typeof REFUSALS)[number]

export type ActionAnswer = { done: true } | { done: false; reason: Refusal }
