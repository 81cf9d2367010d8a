import { REST } from '@discordjs/rest'
import { type APIInteraction, type APIMessage, Routes } from 'discord-api-types/v10'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { linkOf } from './sandbox/discord/buttons.ts'
import { createDiscordSandbox, type DiscordStandIn } from './sandbox/discord/start.ts'
import type { DiscordUser } from './sandbox/types.ts'
import { DEFERRED, openDoor } from './support/interaction-door.ts'

let ahead = 0
let discord: DiscordStandIn
let door: Awaited<ReturnType<typeof openDoor>>
let rest: REST
let hana: DiscordUser
/** What the shop was asked, newest last, and how it answers */
let asked: APIInteraction[]
let answer: (interaction: APIInteraction) => unknown

beforeAll(async () => {
  discord = await createDiscordSandbox({ now: () => new Date(Date.now() + ahead) })
  rest = new REST({ api: `${discord.url}/api`, retries: 0 }).setToken(discord.botToken)
  door = await openDoor(discord.publicKey, (interaction) => {
    asked.push(interaction)
    return answer(interaction)
  })
  discord.sendInteractionsTo(door.url)
  await discord.settled()
})

afterAll(async () => {
  await discord.close()
  await door.close()
})

beforeEach(() => {
  asked = []
  answer = () => DEFERRED
  hana = discord.addUser({ name: '花子' })
})

const roleOf = (role: string, user = hana) => Routes.guildMemberRole(discord.guildId, user.id, role)
const refusal = (code: number, status: number) => expect.objectContaining({ code, status })

test('an address is saved when it answers a PING and refuses a forged one', () => {
  expect(discord.check).toMatchObject({ ping: 'good', forged: 'refused', saved: true })
})

test('a command waits as "thinking", seen by who asked alone, until its answer is there', async () => {
  const thinking = await discord.type(hana, 'membership', { code: 'K7QM' })
  expect(thinking).toMatchObject({
    thinking: true,
    onlyFor: hana.id,
    answers: '/membership code:K7QM',
  })
  expect(asked).toMatchObject([
    {
      ...{ type: 2, guild_id: discord.guildId, locale: 'ja', context: 0 },
      data: { name: 'membership', options: [{ name: 'code', type: 3, value: 'K7QM' }] },
      member: { user: { id: hana.id, global_name: '花子' }, roles: [] },
    },
  ])
  const original = Routes.webhookMessage(discord.applicationId, asked[0]?.token ?? '', '@original')
  const link = { type: 2, style: 5, label: '入会する', url: 'https://shop.example/link' }
  await rest.patch(original, {
    auth: false,
    body: { content: ' はい ', components: [{ type: 1, components: [link] }] },
  })
  const answered = discord.message(thinking.id)
  expect(answered).toMatchObject({ thinking: false, content: 'はい', onlyFor: hana.id })
  expect(linkOf(answered ?? thinking, '入会する')).toBe('https://shop.example/link')
  expect(discord.seen(hana)).toHaveLength(1)
  expect(discord.dms(hana)).toEqual([])
})

test('roles are given and taken one by one, below the bot only, and the log says why', async () => {
  const { member, moderator } = discord.roles
  discord.giveRole(hana, moderator)
  await rest.put(roleOf(member), { reason: '会員になりました' })
  expect(discord.rolesOf(hana)).toEqual([moderator, member])
  expect(discord.audit().at(-1)).toMatchObject({
    user: hana.id,
    gave: [member],
    reason: '会員になりました',
  })
  await expect(rest.delete(roleOf(moderator))).rejects.toEqual(refusal(50013, 403))
  discord.putBotBelow(member)
  await expect(rest.delete(roleOf(member))).rejects.toEqual(refusal(50013, 403))
  discord.putBotBelow(moderator)
  discord.leave(hana)
  await expect(rest.put(roleOf(member))).rejects.toEqual(refusal(10007, 404))
})

test('a message with one nonce arrives once, for two minutes; closed to messages it does not', async () => {
  const chat = (await rest.post(Routes.userChannels(), { body: { recipient_id: hana.id } })) as {
    id: string
  }
  const body = { content: 'ご注文ありがとうございます', nonce: 'order-1', enforce_nonce: true }
  const send = () => rest.post(Routes.channelMessages(chat.id), { body }) as Promise<APIMessage>
  const [first, again] = [await send(), await send()]
  expect(again.id).toBe(first.id)
  ahead += 121_000
  await send()
  expect(discord.dms(hana)).toHaveLength(2)
  discord.allowDms(hana, false)
  await expect(send()).rejects.toEqual(refusal(50007, 403))
})

test('a button is answered in its own message, and an answer after that stands by itself', async () => {
  const button = { type: 2, style: 1, label: 'はい', custom_id: 'j:code' }
  const ask = {
    content: 'つなぎますか？',
    components: [{ type: 1, components: [button] }],
    flags: 64,
  }
  answer = () => ({ type: 4, data: ask })
  const question = await discord.type(hana, 'membership')
  answer = () => ({ type: 6 })
  const pressed = await discord.press(hana, question)
  expect(pressed).toMatchObject({ id: question.id, content: 'つなぎますか？' })
  expect(asked[1]).toMatchObject({ type: 3, data: { custom_id: 'j:code', component_type: 2 } })
  const token = asked[1]?.token ?? ''
  const route = Routes.webhookMessage(discord.applicationId, token, '@original')
  await rest.patch(route, { auth: false, body: { content: 'つながりました', components: [] } })
  expect(discord.message(question.id)).toMatchObject({ content: 'つながりました', components: [] })
  const followUp = Routes.webhook(discord.applicationId, token)
  await rest.post(followUp, { auth: false, body: { content: 'ようこそ', flags: 64 } })
  expect(discord.seen(hana).map(({ content }) => content)).toEqual(['つながりました', 'ようこそ'])
})

test('the first answer after "thinking" takes its place: Discord still has it so', async () => {
  const thinking = await discord.type(hana, 'orders')
  const followUp = Routes.webhook(discord.applicationId, asked[0]?.token ?? '')
  const written = (await rest.post(followUp, {
    auth: false,
    body: { content: '一通目' },
  })) as APIMessage
  expect(written.id).toBe(thinking.id)
  expect(discord.seen(hana)).toMatchObject([{ content: '一通目', onlyFor: hana.id }])
})

test('a token is unknown before the first answer, and a bad one after a quarter of an hour', async () => {
  const edit = (token: string) =>
    rest.patch(Routes.webhookMessage(discord.applicationId, token, '@original'), {
      ...{ auth: false, body: { content: 'お待たせしました' } },
    })
  let early: unknown
  discord.meanwhile(async () => {
    early = await edit(asked[0]?.token ?? '').catch((error: unknown) => error)
  })
  const message = await discord.type(hana, 'orders')
  expect(early).toEqual(refusal(10015, 404))
  const token = asked[0]?.token ?? ''
  discord.dismiss(hana, message)
  await expect(edit(token)).rejects.toEqual(refusal(10008, 404))
  ahead += 15 * 60_000
  await expect(edit(token)).rejects.toEqual(refusal(50027, 401))
})

test.each([
  ['no answer in time', () => new Promise(() => {})],
  ['an empty message', () => ({ type: 4, data: { content: ' ' } })],
  ['an answer for buttons to a command', () => ({ type: 7, data: { content: 'はい' } })],
])('%s: the user reads that the application did not respond', async (_what, given) => {
  discord.answerWithinMs = 50
  answer = given
  const seen = await discord.type(hana, 'help')
  expect(seen).toMatchObject({ content: 'The application did not respond', onlyFor: hana.id })
  expect(discord.unanswered.at(-1)).toMatchObject({ what: '/help' })
  discord.answerWithinMs = 3_000
})

test.each([
  ['content of 2,001', { content: 'あ'.repeat(2_001) }, 'content', 'BASE_TYPE_MAX_LENGTH'],
  [
    'a title of 257',
    { embeds: [{ title: 'あ'.repeat(257) }] },
    'embeds[0].title',
    'BASE_TYPE_MAX_LENGTH',
  ],
  [
    'a field with no value',
    { embeds: [{ fields: [{ name: '計', value: ' ' }] }] },
    'embeds[0].fields[0].value',
    'BASE_TYPE_REQUIRED',
  ],
  [
    '6,001 in all',
    { embeds: [{ description: 'あ'.repeat(4_001) }, { description: 'い'.repeat(2_000) }] },
    'embeds',
    'MAX_EMBED_SIZE_EXCEEDED',
  ],
  [
    'a row of six',
    { components: [{ type: 1, components: Array(6).fill({}) }] },
    'components[0].components',
    'BASE_TYPE_BAD_LENGTH',
  ],
  [
    'a button twice',
    {
      components: [1, 2].map(() => ({
        type: 1,
        components: [{ type: 2, style: 1, label: 'はい', custom_id: 'a' }],
      })),
    },
    'components[1].components[0].custom_id',
    'COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
  [
    'a link to nowhere',
    {
      components: [
        { type: 1, components: [{ type: 2, style: 5, label: '開く', url: 'javascript:1' }] },
      ],
    },
    'components[0].components[0].url',
    'URL_TYPE_INVALID_SCHEME',
  ],
])('a message with %s is refused, and Discord says where', async (_what, body, place, code) => {
  const chat = (await rest.post(Routes.userChannels(), { body: { recipient_id: hana.id } })) as {
    id: string
  }
  const sent = rest.post(Routes.channelMessages(chat.id), { body })
  await expect(sent).rejects.toThrow(`${place}[${code}]`)
  expect(discord.dms(hana)).toEqual([])
})

test('with its limits on, a bucket is empty after its number, until its time is over on the clock', async () => {
  discord.limit(true)
  const invalid = discord.invalidAnswers()
  const give = async (role: string) => {
    const answer = await fetch(`${discord.url}/api/v10${roleOf(role)}`, {
      method: 'PUT',
      headers: { authorization: `Bot ${discord.botToken}`, 'user-agent': 'DiscordBot (test, 1)' },
    })
    const told = answer.status === 429 ? await answer.json() : null
    return { status: answer.status, left: answer.headers.get('x-ratelimit-remaining'), told }
  }
  const { member } = discord.roles
  for (let left = 9; left >= 0; left--)
    expect(await give(member)).toMatchObject({ status: 204, left: String(left) })
  const { status, told } = await give(member)
  expect(status).toBe(429)
  expect(told).toMatchObject({ global: false, retry_after: expect.closeTo(10, 0) })
  ahead += told.retry_after * 1_000
  expect(await give(member)).toMatchObject({ status: 204, left: '9' })
  discord.demandSilence(3)
  expect(await give(member)).toMatchObject({ status: 429, told: { global: true } })
  ahead += 3_000
  expect(await give(member)).toMatchObject({ status: 204 })
  expect(discord.invalidAnswers() - invalid).toBe(2)
  discord.limit(false)
})

test('the members are listed by id, a page at a time, to whom the intent allows it', async () => {
  const mao = discord.addUser({ name: 'Mao', roles: [discord.roles.tea] })
  const page = (limit: number, after: string) =>
    rest.get(Routes.guildMembers(discord.guildId), {
      query: new URLSearchParams({ limit: String(limit), after }),
    })
  expect(await page(1, hana.id)).toMatchObject([
    { user: { id: mao.id }, roles: [discord.roles.tea] },
  ])
  discord.allow({ serverMembers: false })
  await expect(page(1, '0')).rejects.toEqual(refusal(50001, 403))
  discord.allow({ serverMembers: true })
})

// The last one: from now on only what is registered can be typed.
test('commands are kept by name, with names that Discord takes', async () => {
  const route = Routes.applicationGuildCommands(discord.applicationId, discord.guildId)
  const join = { name: 'join', description: 'Join', name_localizations: { ja: '入会' } }
  const first = (await rest.post(route, { body: join })) as { id: string; version: string }
  expect(await rest.post(route, { body: join })).toMatchObject({
    id: first.id,
    version: first.version,
  })
  expect(await rest.get(route)).toEqual([
    expect.not.objectContaining({ name_localizations: join.name_localizations }),
  ])
  for (const wrong of [
    { name: 'Join' },
    { name: 'join now' },
    { description: 'あ'.repeat(101) },
    { name_localizations: { jp: '入会' } },
  ])
    await expect(rest.post(route, { body: { ...join, ...wrong } })).rejects.toEqual(
      refusal(50035, 400),
    )
  await expect(discord.type(hana, 'help')).rejects.toThrow('not registered')
})
