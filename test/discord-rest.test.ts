import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { unmarked } from '../server/discord/mark.ts'
import { type Discord, openDiscord } from '../server/discord/open-discord.ts'
import { placeOf } from '../server/discord/rest.ts'
import { boundFetch } from '../server/line/timeouts.ts'
import { Later, NeedsPerson } from '../server/ports.ts'
import { createDiscordSandbox, type DiscordStandIn } from './sandbox/discord/start.ts'
import type { DiscordUser } from './sandbox/types.ts'
import { openDoor } from './support/interaction-door.ts'

/** A button that opens a page of ours, and a card. */
const RECEIPT = JSON.stringify({
  content: '**ご注文ありがとうございます**',
  embeds: [{ description: '宇治煎茶 100g' }],
  components: [
    {
      type: 1,
      components: [{ type: 2, style: 1, label: 'ご注文', custom_id: 'o:/orders/cs_test_1' }],
    },
  ],
})
const PLAIN = JSON.stringify({
  content: 'またのお越しを',
  embeds: [{ title: ' 退会 ', fields: [] }],
})
const SECOND = 1_000

let ahead = 0
let server: DiscordStandIn
let shop: Awaited<ReturnType<typeof openDoor>>
let hana: DiscordUser
let ours: Discord
let measured: string[]
const clock = { now: () => new Date(Date.now() + ahead) }

beforeAll(async () => {
  boundFetch()
  server = await createDiscordSandbox({ now: clock.now })
  shop = await openDoor(server.publicKey)
  server.sendInteractionsTo(shop.url)
  await server.settled()
})

afterAll(async () => {
  await shop.close()
  await server.close()
})

beforeEach(() => {
  ahead += 3_600 * SECOND
  measured = []
  ours = opened()
  hana = server.addUser({ name: '花子' })
})

/** Another process has limits of its own in memory. */
function opened(token = server.botToken): Discord {
  const { applicationId, guildId, url } = server
  const meter = {
    answered: (vendor: string, endpoint: string, status: number | 'none') =>
      void measured.push(`${vendor} ${endpoint} ${status}`),
  }
  const apiBase = new URL(url)
  return openDiscord({ applicationId, botToken: token, guildId, apiBase, clock, meter })
}

/** What somebody asked can be answered by this token. */
async function askedBy(user: DiscordUser): Promise<string> {
  await server.type(user, 'membership')
  return JSON.parse(server.sent.at(-1)?.body ?? '{}').token
}

const give = (role: string, user = hana, from = ours) => from.roles.give(user.id, role, '会員')
const failure = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error)

test('a role is given and taken alone: a moderator keeps theirs, and the server’s log says why', async () => {
  const { moderator, member, tea } = server.roles
  const user = server.addUser({ name: 'モデ', roles: [moderator, tea] })
  expect(await give(member, user)).toEqual({ state: 'done' })
  expect(await give(member, user)).toEqual({ state: 'done' })
  expect((await ours.roles.rolesOf(user.id))?.sort()).toEqual([moderator, tea, member].sort())
  expect(await ours.roles.take(user.id, member, '退会')).toEqual({ state: 'done' })
  expect(server.rolesOf(user).sort()).toEqual([moderator, tea].sort())
  expect(server.audit().slice(-2)).toMatchObject([
    { user: user.id, gave: [member], reason: '会員' },
    { user: user.id, took: [member], reason: '退会' },
  ])
})

test('who is not on the server waits; what only its settings can mend is said once, and why', async () => {
  const { roles } = server
  const away = server.addUser({ name: '留守', away: true })
  expect(await give(roles.member, away)).toEqual({ state: 'away' })
  expect(await ours.roles.rolesOf(away.id)).toBeNull()
  expect(await ours.roles.rolesOf('99999999999999999')).toBeNull()

  expect(await give(roles.moderator)).toMatchObject({ state: 'refused', why: 'above_bot' })
  expect(await give('99999999999999999')).toMatchObject({ state: 'refused', why: 'no_role' })
  expect(await give(roles.bot)).toMatchObject({ state: 'refused', why: 'other' })
  ahead += 61 * SECOND
  server.allow({ manageRoles: false })
  expect(await give(roles.member)).toMatchObject({
    state: 'refused',
    why: 'no_permission',
    words: 'Discord answered 403 50013: Missing Permissions',
  })
  server.allow({ manageRoles: true })
})

test('a bot that is not on the server, or whose token is refused, needs a person, and nobody counts as away', async () => {
  server.allow({ inServer: false })
  expect(await failure(give(server.roles.member))).toBeInstanceOf(NeedsPerson)
  expect(await failure(ours.roles.rolesOf(hana.id))).toBeInstanceOf(NeedsPerson)
  server.allow({ inServer: true })
  const stranger = opened('AAAA.BBBB.CCCC')
  const refused = await failure(give(server.roles.member, hana, stranger))
  expect(refused).toBeInstanceOf(NeedsPerson)
  const reason = 'Discord answered 401: it refuses the bot’s token (DISCORD_BOT_TOKEN)'
  expect(refused).toHaveProperty('message', reason)
  const unsent = await stranger.channel.send(hana.id, PLAIN, 'key')
  expect(unsent).toEqual({ state: 'refused', reason })
  server.fault({
    on: /PUT/,
    times: 1,
    status: 401,
    body: { message: '401: Unauthorized', code: 0 },
  })
  expect(await failure(give(server.roles.member))).toBeInstanceOf(NeedsPerson)
  expect(await give(server.roles.member)).toEqual({ state: 'done' })
})

test('what stands before Discord’s API settles nothing: no role, no message, not who is on the server', async () => {
  const page = { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Blocked</h1>' }
  server.fault({ on: /(PUT|GET) \/guilds/, times: 2, ...page })
  expect(await failure(give(server.roles.member))).toBeInstanceOf(NeedsPerson)
  expect(await failure(ours.roles.membersBehind('0'))).toBeInstanceOf(NeedsPerson)
  server.fault({ on: /POST \/channels/, times: 1, ...page, status: 400 })
  expect(await ours.channel.send(hana.id, PLAIN, 'key')).toMatchObject({
    ...{ state: 'again', reason: 'Discord answered 400', maybeAccepted: false, busy: false },
  })
  server.fault({ on: /PUT|POST \/channels/, times: 2, ...page, status: 200 })
  expect(await failure(give(server.roles.member))).toBeInstanceOf(Error)
  expect(await ours.channel.send(hana.id, PLAIN, 'key')).toMatchObject({
    ...{ state: 'again', maybeAccepted: true },
  })
  server.fault({ on: /PUT/, times: 1, status: 408, body: { message: 'slow', code: 0 } })
  expect(await failure(give(server.roles.member))).toBeInstanceOf(Error)
  expect(await give(server.roles.member)).toEqual({ state: 'done' })
})

test('the list of members comes in pages, and not at all without the intent', async () => {
  for (let count = 0; count < 1_001; count++) server.addUser({ name: `客${count}` })
  const first = await ours.roles.membersBehind('0')
  expect(first).toMatchObject({ isLast: false, members: { length: 1_000 } })
  const second = await ours.roles.membersBehind(first?.members.at(-1)?.address ?? '')
  expect(second).toMatchObject({ isLast: true })
  const ids = [first, second].flatMap((page) => page?.members.map(({ address }) => address))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(1_000)
  server.allow({ serverMembers: false })
  expect(await ours.roles.membersBehind('0')).toBeNull()
  server.allow({ serverMembers: true })
})

test('one message under one key arrives once, also when it was tried again after ten minutes of silence', async () => {
  const { channel } = ours
  for (const body of [RECEIPT, PLAIN]) {
    const user = server.addUser({ name: '静か' })
    server.fault({ on: /POST \/channels/, times: 1, drop: 'after' })
    const key = `delivery ${body.length}`
    const unclearSince = clock.now()
    expect(await channel.send(user.id, body, key)).toMatchObject({
      state: 'again',
      maybeAccepted: true,
    })
    expect(await channel.send(user.id, body, key)).toMatchObject({ state: 'accepted' })
    expect(server.dms(user)).toHaveLength(1)
    ahead += 600 * SECOND
    const moment = { openAnswer: null, unclearSince }
    expect(await opened().channel.send(user.id, body, key, moment)).toMatchObject({
      state: 'accepted',
    })
    expect(server.dms(user)).toHaveLength(1)
    // Another message says the same, and is not taken for the first.
    await channel.send(user.id, RECEIPT, `another than ${key}`)
    expect(server.dms(user)).toHaveLength(2)
  }
})

test('a message that never arrived is sent after the silence, and its button still opens the page', async () => {
  server.fault({ on: /POST \/channels/, times: 1, drop: 'before' })
  const unclearSince = clock.now()
  await ours.channel.send(hana.id, RECEIPT, 'key')
  ahead += 600 * SECOND
  const moment = { openAnswer: null, unclearSince }
  expect(await ours.channel.send(hana.id, RECEIPT, 'key', moment)).toMatchObject({
    state: 'accepted',
  })
  const [message, more] = server.dms(hana)
  expect(more).toBeUndefined()
  const word = JSON.stringify(message?.components).match(/"custom_id":"([^"]+)"/)?.[1] ?? ''
  expect(word).toMatch(/^o:\/orders\/cs_test_1~[\w-]{11}$/)
  expect(unmarked(word)).toBe('o:/orders/cs_test_1')
  expect(unmarked('o:/orders/cs_test_1')).toBe('o:/orders/cs_test_1')
})

test('where messages are not let in, it stands under what they asked last, seen by them alone', async () => {
  server.allowDms(hana, false)
  const { channel } = ours
  expect(await channel.send(hana.id, RECEIPT, 'a')).toMatchObject({ state: 'unreachable' })
  const openAnswer = await askedBy(hana)
  const moment = { openAnswer, unclearSince: null }
  // Else it would stand in the answer's place, until the answer takes it.
  expect(await channel.send(hana.id, RECEIPT, 'a', moment)).toMatchObject({ state: 'again' })
  expect(await channel.answer(openAnswer, PLAIN)).toBe('accepted')
  expect(await channel.send(hana.id, RECEIPT, 'a', moment)).toMatchObject({ state: 'accepted' })
  expect(server.dms(hana)).toEqual([])
  expect(server.seen(hana).map(({ content, onlyFor }) => [content, onlyFor])).toEqual([
    ['またのお越しを', hana.id],
    ['**ご注文ありがとうございます**', hana.id],
  ])
  ahead += 901 * SECOND
  expect(await channel.send(hana.id, RECEIPT, 'b', moment)).toMatchObject({ state: 'unreachable' })
  expect(await channel.answer(openAnswer, PLAIN)).toBe('spent')
})

test('whoever closed the "thinking" before the answer came is not answered any more', async () => {
  const openAnswer = await askedBy(hana)
  const [thinking] = server.seen(hana)
  server.dismiss(hana, thinking!)
  expect(await ours.channel.answer(openAnswer, PLAIN)).toBe('spent')
})

test('what came in unheard before the door was closed is found there, and not said once more', async () => {
  server.fault({ on: /POST \/channels/, times: 1, drop: 'after' })
  const unclearSince = clock.now()
  await ours.channel.send(hana.id, RECEIPT, 'key')
  server.allowDms(hana, false)
  const moment = { openAnswer: null, unclearSince }
  expect(await ours.channel.send(hana.id, RECEIPT, 'key', moment)).toMatchObject({
    state: 'accepted',
  })
  expect(await ours.channel.send(hana.id, RECEIPT, 'b', moment)).toMatchObject({
    state: 'unreachable',
  })
})

test('a chat that Discord has forgotten is begun anew', async () => {
  const { channel } = ours
  const begun = () =>
    server.requests().filter(({ what }) => what === 'POST /users/@me/channels').length
  const before = begun()
  await channel.send(hana.id, PLAIN, 'first')
  const body = { message: 'Unknown Channel', code: 10003 }
  server.fault({ on: /POST \/channels/, times: 1, status: 404, body })
  expect(await channel.send(hana.id, RECEIPT, 'key')).toMatchObject({
    state: 'again',
    maybeAccepted: false,
  })
  expect(await channel.send(hana.id, RECEIPT, 'key')).toMatchObject({ state: 'accepted' })
  expect(begun() - before).toBe(2)
  expect(server.dms(hana)).toHaveLength(2)
})

test('who left the server, or is no more, is out of reach; who they are is not told', async () => {
  const { channel } = ours
  expect(await channel.profile(hana.id)).toEqual({ name: '花子' })
  server.leave(hana)
  const gone = await channel.send(hana.id, PLAIN, 'key')
  expect(gone).toMatchObject({ state: 'unreachable' })
  const never = await channel.send('99999999999999999', PLAIN, 'key')
  expect(never).toMatchObject({ state: 'unreachable' })
  expect(JSON.stringify([gone, never])).not.toMatch(/\d{17}/)
  expect(await channel.profile('99999999999999999')).toBeNull()
})

test('a Discord that answers nothing, or breaks down, is asked again; no error names whom it was about', async () => {
  const before = getGlobalDispatcher()
  setGlobalDispatcher(new Agent({ headersTimeout: 200 }))
  server.fault({ on: /PUT/, times: 1, hang: true })
  const silence = (await failure(give(server.roles.member))) as Error
  setGlobalDispatcher(before)
  server.fault({ on: /PUT/, times: 1, status: 502 })
  const broken = (await failure(give(server.roles.member))) as Error
  expect(silence).not.toBeInstanceOf(Later)
  expect([silence.message, broken.message]).toEqual([
    'Discord did not answer (UND_ERR_HEADERS_TIMEOUT)',
    'Discord answered 502',
  ])
  const told = JSON.stringify([silence, broken].map((each) => Object.entries(each)))
  expect(told + silence.stack + broken.stack).not.toContain(hana.id)
  expect(measured).toEqual([
    'discord PUT guilds/members/roles none',
    'discord PUT guilds/members/roles 502',
  ])
})

test('what is counted and measured names nobody', () => {
  expect(
    (
      [
        '/guilds/12345678901234567/members/12345678901234567/roles/12345678901234567',
        '/webhooks/12345678901234567/aW50ZXJhY3Rpb246/messages/@original',
        '/channels/12345678901234567/messages',
      ] as const
    ).map((path) => placeOf({ method: 'GET', path })),
  ).toEqual([
    {
      endpoint: 'GET guilds/members/roles',
      major: '/guilds/12345678901234567',
      byInteraction: false,
    },
    {
      endpoint: 'GET webhooks/messages/@original',
      major: '/webhooks/12345678901234567/aW50ZXJhY3Rpb246',
      byInteraction: true,
    },
    {
      endpoint: 'GET channels/messages',
      major: '/channels/12345678901234567',
      byInteraction: false,
    },
  ])
})
