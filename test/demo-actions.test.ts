import { once } from 'node:events'
import { createServer } from 'node:http'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createControls, outOfOrder } from './sandbox/demo-page/actions.ts'
import { idsOfHolder, memberOf } from './sandbox/demo-page/find-member.ts'
import { eventsThatRing, newestRefundable, newestWaiting } from './sandbox/demo-page/find-target.ts'
import { readDiscord } from './sandbox/demo-page/read-discord.ts'
import { type DISCORD_SWITCHES, TIME_MACHINE } from './sandbox/demo-page/state.ts'
import { createDiscordSandbox, type DiscordStandIn } from './sandbox/discord/start.ts'
import { createLineSandbox } from './sandbox/line/start.ts'
import { createStripeSandbox } from './sandbox/stripe/start.ts'
import type { LineSandbox, StripeSandbox } from './sandbox/types.ts'

let stripe: StripeSandbox
let line: LineSandbox
let letterbox: Awaited<ReturnType<typeof openLetterbox>>

beforeEach(async () => {
  stripe = await createStripeSandbox()
  line = await createLineSandbox()
  letterbox = await openLetterbox()
  stripe.sendWebhooksTo(letterbox.url)
  line.sendWebhooksTo(letterbox.url)
})
afterEach(async () => {
  await Promise.all([stripe.close(), line.close()])
  letterbox.close()
})

describe('the buttons of the demo', () => {
  test('paying at the till settles the newest order that waits, and only once', async () => {
    const controls = createControls({ stripe, line })
    expect(await controls.act({ action: 'settle_konbini' })).toEqual({
      done: false,
      reason: 'nothing_waiting',
    })
    const first = await order('konbini')
    const second = await order('konbini')
    expect(newestWaiting(stripe)?.session).toBe(second)
    expect(await controls.act({ action: 'settle_konbini' })).toEqual({ done: true })
    expect(stripe.session(second).payment_status).toBe('paid')
    expect(newestWaiting(stripe)?.session).toBe(first)
  })

  test('an order whose deadline passed waits no longer, although Stripe still calls it unpaid', async () => {
    const controls = createControls({ stripe, line })
    const session = await order('konbini')
    await controls.act({ action: 'lapse_konbini' })
    expect(stripe.session(session)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    expect(newestWaiting(stripe)).toBeNull()
    expect(newestRefundable(stripe)).toBeNull()
  })

  test('half is given back first, then the rest, and then nothing is left to give', async () => {
    const controls = createControls({ stripe, line })
    await order('card')
    expect(newestRefundable(stripe)?.amount).toBe(1001)
    await controls.act({ action: 'refund', part: true })
    expect(newestRefundable(stripe)?.amount).toBe(501)
    await controls.act({ action: 'refund', part: false })
    expect(newestRefundable(stripe)).toBeNull()
    expect(await controls.act({ action: 'refund', part: false })).toEqual({
      done: false,
      reason: 'nothing_to_refund',
    })
  })

  test('the last event goes out twice more, and before the first sale there is none to send', async () => {
    const controls = createControls({ stripe, line })
    expect(await controls.act({ action: 'resend_twice' })).toMatchObject({ done: false })
    await order('card')
    await stripe.settled()
    const before = letterbox.ids.length
    await controls.act({ action: 'resend_twice' })
    const last = letterbox.ids[before - 1]
    expect(letterbox.ids.slice(before)).toEqual([last, last])
  })

  test('while LINE is off it takes no message, but people can still log in', async () => {
    const controls = createControls({ stripe, line })
    const buyer = line.addUser({ name: '花子' })
    await controls.act({ action: 'line_off' })
    await controls.act({ action: 'line_off' })
    expect([await push(buyer.userId), controls.lineOff()]).toEqual([503, true])
    expect((await fetch(`${line.url}/oauth2/v2.1/certs`)).status).toBe(200)
    await controls.act({ action: 'line_on' })
    expect([await push(buyer.userId), controls.lineOff()]).toEqual([200, false])
  })

  test('held webhooks pile up, and leave in another order when they are released', async () => {
    const controls = createControls({ stripe, line })
    await controls.act({ action: 'hold_webhooks' })
    for (let sale = 0; sale < 3; sale++) stripe.expire(stripe.visit(teaUrl()))
    expect([controls.webhooksHeld(), letterbox.ids]).toEqual([true, []])
    const happened = eventsThatRing(stripe).map(({ id }) => id)
    expect(controls.heldCount()).toBe(happened.length)
    await controls.act({ action: 'release_shuffled' })
    await stripe.settled()
    expect(letterbox.ids.toSorted()).toEqual(happened.toSorted())
    expect(letterbox.ids).not.toEqual(happened.toReversed())
    expect([controls.webhooksHeld(), controls.heldCount()]).toEqual([false, 0])
  })

  test('whoever holds the phone adds or blocks the shop; a stranger cannot hold it', async () => {
    const controls = createControls({ stripe, line })
    const kenta = line.addUser({ name: '健太', friend: false })
    expect(await controls.act({ action: 'follow' })).toMatchObject({ done: false })
    expect(await controls.act({ action: 'hand_phone_to', userId: 'U0' })).toMatchObject({
      done: false,
      reason: 'unknown_person',
    })
    await controls.act({ action: 'hand_phone_to', userId: kenta.userId })
    await controls.act({ action: 'follow' })
    expect(line.user(kenta.userId)?.friend).toBe(true)
    await controls.act({ action: 'unfollow' })
    expect(line.user(kenta.userId)?.friend).toBe(false)
  })

  test('whoever holds the phone writes to the shop and taps its buttons; nobody writes without a phone', async () => {
    const controls = createControls({ stripe, line })
    expect(await controls.act({ action: 'say', text: '会員' })).toMatchObject({ done: false })
    const hanako = line.addUser({ name: '花子' })
    await controls.act({ action: 'hand_phone_to', userId: hanako.userId })
    await controls.act({ action: 'say', text: '会員' })
    await controls.act({ action: 'tap', data: 'card', shown: '会員証を見る' })
    await controls.act({ action: 'tap', data: 'silent' })
    expect(letterbox.types).toEqual(['message', 'postback', 'postback'])
    expect(line.said(hanako.userId).map(({ text }) => text)).toEqual(['会員', '会員証を見る'])
  })

  test('who subscribes to nothing has no time to move', async () => {
    const controls = createControls({ stripe, line })
    line.holder = line.addUser({ name: '花子' }).userId
    await order('card')
    for (const action of TIME_MACHINE)
      expect(await controls.act({ action })).toEqual({ done: false, reason: 'nothing_subscribed' })
  })

  test('a month on the plan is renewed, and nobody else grows older', async () => {
    const controls = createControls({ stripe, line })
    const customer = await subscribe()
    const before = memberOf(stripe, idsOfHolder({ line }))
    expect(before).toMatchObject({ status: 'active', leaving: false, moved: false })
    await controls.act({ action: 'next_month' })
    const after = memberOf(stripe, idsOfHolder({ line }))
    expect(after).toMatchObject({ status: 'active', moved: true })
    const days = (Date.parse(after!.time) - Date.parse(before!.time)) / 86_400_000
    expect(Math.round(days)).toBeGreaterThanOrEqual(28)
    const neighbour = await subscribe()
    expect(stripe.timeOf(neighbour).getTime()).toBeLessThan(stripe.timeOf(customer).getTime())
  })

  test('a card that fails leaves the plan unpaid on the very day of the next payment, and paying mends it', async () => {
    const controls = createControls({ stripe, line })
    await subscribe({ trialDays: 14 })
    await controls.act({ action: 'card_fails' })
    expect(memberOf(stripe, idsOfHolder({ line }))).toMatchObject({ status: 'past_due' })
    const { time } = memberOf(stripe, idsOfHolder({ line }))!
    expect(Math.round((Date.parse(time) - Date.now()) / 86_400_000)).toBe(14)
    await controls.act({ action: 'card_works' })
    expect(memberOf(stripe, idsOfHolder({ line }))).toMatchObject({ status: 'active' })
    await controls.act({ action: 'next_month' })
    expect(memberOf(stripe, idsOfHolder({ line }))).toMatchObject({ status: 'active' })
  })

  test('who leaves may take it back until the period ends, and is nobody’s subscriber after it', async () => {
    const controls = createControls({ stripe, line })
    await subscribe()
    await controls.act({ action: 'leave' })
    expect(memberOf(stripe, idsOfHolder({ line }))).toMatchObject({ leaving: true })
    await controls.act({ action: 'stay' })
    expect(memberOf(stripe, idsOfHolder({ line }))).toMatchObject({ leaving: false })
    await controls.act({ action: 'leave' })
    await controls.act({ action: 'some_days' })
    expect(memberOf(stripe, idsOfHolder({ line }))).not.toBeNull()
    await controls.act({ action: 'next_month' })
    expect(memberOf(stripe, idsOfHolder({ line }))).toBeNull()
  })

  test('shuffling loses nothing and leaves nothing where it was', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 40 }), (list) => {
        const shuffled = outOfOrder(list)
        expect(shuffled.toSorted()).toEqual(list.toSorted())
        expect(shuffled.some((value, place) => value === list[place])).toBe(false)
      }),
    )
  })
})

describe('the Discord of the demo', () => {
  let discord: DiscordStandIn
  beforeEach(async () => {
    discord = await createDiscordSandbox()
  })
  afterEach(() => discord.close())

  /** Whoever holds the phone is on Discord, too. */
  function handPhone() {
    const { userId } = line.addUser({ name: '花子' })
    const hana = discord.addUser({ name: 'hana' })
    line.holder = userId
    const server = { sandbox: discord, users: new Map([[userId, hana]]), browserUrl: '' }
    return { hana, controls: createControls({ stripe, line, discord: server }), server }
  }

  test('its switches make people come and go, close their door, and move roles that are not ours', async () => {
    const { hana, controls } = handPhone()
    const act = (action: (typeof DISCORD_SWITCHES)[number]) => controls.act({ action })
    await act('discord_give_tea')
    expect(discord.rolesOf(hana)).toEqual([discord.roles.tea])
    await act('discord_leave')
    expect([controls.discord.onServer(hana), discord.rolesOf(hana)]).toEqual([false, []])
    const typed = await controls.act({ action: 'discord_type', command: 'join' })
    expect(typed).toEqual({ done: false, reason: 'not_on_server' })
    await act('discord_come_back')
    await act('discord_refuse_dms')
    expect([controls.discord.onServer(hana), controls.discord.takesDms(hana)]).toEqual([
      true,
      false,
    ])
    await act('discord_bot_below')
    expect(controls.discord.botBelow()).toBe(true)
    await act('discord_bot_above')
    expect(controls.discord.botBelow()).toBe(false)
  })

  test('the page is shown what the holder of the phone sees there, and nobody else’s answers', async () => {
    const { controls, server } = handPhone()
    discord.showEndpoint(letterbox.url)
    await controls.act({ action: 'discord_type', command: 'join' })
    const state = () => readDiscord({ stripe, line, discord: server } as never, controls)
    expect(state()?.talk).toMatchObject([
      { answers: '/join', content: expect.stringContaining('respond') },
    ])
    line.holder = line.addUser({ name: '健太' }).userId
    expect(state()).toMatchObject({ me: null, talk: [], dms: [], onServer: false })
    const typed = await controls.act({ action: 'discord_type', command: 'join' })
    expect(typed).toEqual({ done: false, reason: 'not_on_discord' })
  })

  test('who pays from Discord has a time to move, as who pays in LINE', async () => {
    const { hana, controls, server } = handPhone()
    const items = [{ name: 'のれんの会', amount: 500 }]
    const { url } = stripe.addLink({ items, recurring: { interval: 'month' } })
    await stripe.payByCard(stripe.visit(`${url}?client_reference_id=D${hana.id}_demo`))
    expect(memberOf(stripe, idsOfHolder({ line, discord: server }))).toMatchObject({
      status: 'active',
    })
    expect(await controls.act({ action: 'next_month' })).toEqual({ done: true })
  })
})

function teaUrl(): string {
  const items = [{ name: '煎茶', amount: 1001 }]
  return stripe.addLink({ items, paymentMethods: ['card', 'konbini'] }).url
}

async function order(how: 'card' | 'konbini'): Promise<string> {
  const session = stripe.visit(teaUrl())
  await (how === 'card' ? stripe.payByCard(session) : stripe.payByKonbini(session))
  return session
}

/** Whoever holds the phone from now on is somebody new, who pays for a plan by the month. */
async function subscribe(more: { trialDays?: number } = {}): Promise<string> {
  line.holder = line.addUser({ name: '会員' }).userId
  const items = [{ name: 'のれんの会', amount: 500 }]
  const { url } = stripe.addLink({ items, recurring: { interval: 'month' }, ...more })
  const session = stripe.visit(`${url}?client_reference_id=${line.holder}`)
  await stripe.payByCard(session)
  return String(stripe.session(session).customer)
}

async function push(to: string): Promise<number> {
  const response = await fetch(`${line.url}/v2/bot/message/push`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${line.channelAccessToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ to, messages: [{ type: 'text', text: 'こんにちは' }] }),
  })
  return response.status
}

/** Takes every webhook and remembers, in order of arrival, the ids of Stripe's events and the types of LINE's. */
async function openLetterbox() {
  const ids: string[] = []
  const types: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { id, events = [] } = JSON.parse(Buffer.concat(chunks).toString())
    if (id) ids.push(id)
    for (const { type } of events) types.push(type)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return { ids, types, url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}
