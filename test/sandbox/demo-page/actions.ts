import type { LineSandbox, StripeSandbox } from '../types.ts'
import { type DiscordSwitches, discordSwitches } from './discord-actions.ts'
import { eventsThatRing, newestRefundable, newestWaiting } from './find-target.ts'
import { halfOf } from './half.ts'
import { timeMachine } from './move-time.ts'
import type { ActionAnswer, DemoAction, DemoServer, Refusal } from './state.ts'

/** Every call that Noren makes to LINE's Messaging API; LINE Login stays up, so the shop can open. */
const MESSAGING_API = /\/v2\/bot\//

export type DemoControls = {
  act(action: DemoAction): Promise<ActionAnswer>
  lineOff(): boolean
  webhooksHeld(): boolean
  /** Events made since webhooks were held. */
  heldCount(): number
  discord: Omit<DiscordSwitches, 'verbs'>
}

/**
 * The switches of the page: turns each button into calls of the stand-ins, and remembers the two
 * things that these do not tell, whether LINE is off and whether webhooks are held. `shuffle` decides
 * the order in which held webhooks leave.
 */
export function createControls(
  sandboxes: { stripe: StripeSandbox; line: LineSandbox; discord?: DemoServer },
  shuffle: <T>(list: T[]) => T[] = outOfOrder,
): DemoControls {
  const { stripe, line } = sandboxes
  const { verbs, ...discord } = discordSwitches(sandboxes)
  const switches = { lineOff: false, heldAt: null as number | null }

  const perform: { [A in DemoAction as A['action']]: (action: A) => Promise<Refusal | undefined> } =
    {
      hand_phone_to: async ({ userId }) => {
        if (!line.user(userId)) return 'unknown_person'
        line.holder = userId
      },
      follow: () => withHolder(line, (holder) => line.follow(holder)),
      unfollow: () => withHolder(line, (holder) => line.unfollow(holder)),
      say: ({ text }) => withHolder(line, (holder) => line.say(holder, text)),
      tap: ({ data, shown }) => withHolder(line, (holder) => line.tap(holder, data, shown)),
      settle_konbini: () => withWaiting(stripe, (session) => stripe.settleKonbini(session)),
      lapse_konbini: () => withWaiting(stripe, (session) => stripe.lapseKonbini(session)),
      refund: ({ part }) => refundNewest(stripe, part),
      resend_twice: async () => {
        const [newest] = eventsThatRing(stripe)
        if (!newest) return 'nothing_to_resend'
        await stripe.resend(newest.id, 2)
      },
      line_off: async () => {
        if (!switches.lineOff) line.addFault({ on: MESSAGING_API, times: Infinity, status: 503 })
        switches.lineOff = true
      },
      line_on: async () => {
        line.clearFaults()
        switches.lineOff = false
      },
      hold_webhooks: async () => {
        stripe.hold()
        switches.heldAt ??= eventsThatRing(stripe).length
      },
      release_shuffled: async () => {
        switches.heldAt = null
        await stripe.release(shuffle)
      },
      ...timeMachine(sandboxes),
      ...verbs,
    }

  return {
    async act(action) {
      const reason = await (
        perform[action.action] as (a: DemoAction) => Promise<Refusal | undefined>
      )(action)
      return reason ? { done: false, reason } : { done: true }
    },
    lineOff: () => switches.lineOff,
    webhooksHeld: () => switches.heldAt !== null,
    heldCount: () =>
      switches.heldAt === null ? 0 : eventsThatRing(stripe).length - switches.heldAt,
    discord,
  }
}

async function withHolder(
  line: LineSandbox,
  work: (userId: string) => Promise<void>,
): Promise<Refusal | undefined> {
  if (!line.holder) return 'unknown_person'
  await work(line.holder)
}

async function withWaiting(
  stripe: StripeSandbox,
  work: (session: string) => Promise<void>,
): Promise<Refusal | undefined> {
  const waiting = newestWaiting(stripe)
  if (!waiting) return 'nothing_waiting'
  await work(waiting.session)
}

async function refundNewest(stripe: StripeSandbox, part: boolean): Promise<Refusal | undefined> {
  const paid = newestRefundable(stripe)
  if (!paid) return 'nothing_to_refund'
  await stripe.refund(paid.session, part ? halfOf(paid.amount) : undefined)
}

/** A random order that is never the original one, or the button would sometimes show nothing. */
export function outOfOrder<T>(list: T[]): T[] {
  const cards = [...list]
  for (let last = cards.length - 1; last > 0; last--) {
    const pick = Math.floor(Math.random() * last)
    const card = cards[last] as T
    cards[last] = cards[pick] as T
    cards[pick] = card
  }
  return cards
}
