import { REST } from '@discordjs/rest'
import { type APIInteraction, type APIMessage, Routes } from 'discord-api-types/v10'
import { verifyKey } from 'discord-interactions'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linkOf } from './sandbox/discord/buttons.ts'
import { createDiscordSandbox, type DiscordStandIn } from './sandbox/discord/start.ts'
import type { DiscordUser } from './sandbox/types.ts'

let ahead = 0
let discord: DiscordStandIn
let rest: REST
let hana: DiscordUser
/** What a shop's server is asked, and how it answers: a command by `answer`, a PING as it should. */
let shop: FastifyInstance
let asked: APIInteraction[]
let answer: (interaction: APIInteraction) => unknown

beforeEach(async () => {
  ahead = 0
  asked = []
  answer = () => ({ type: 5, data: { flags: 64 } })
  const now = () => new Date(Date.now() + ahead)
  discord = await createDiscordSandbox({ now })
  rest = new REST({ api: `${discord.url}/api`, retries: 0 }).setToken(discord.botToken)
  hana = discord.addUser({ name: '花子' })
  shop = Fastify()
  shop.addContentTypeParser('application/json', { parseAs: 'string' }, (_r, body, done) =>
    done(null, body),
  )
  shop.post('/', async ({ body, headers }, reply) => {
    const signature = String(headers['x-signature-ed25519'])
    const timestamp = String(headers['x-signature-timestamp'])
    if (!(await verifyKey(String(body), signature, timestamp, discord.publicKey)))
      return reply.code(401).send({})
    const interaction = JSON.parse(String(body)) as APIInteraction
    if (interaction.type === 1) return { type: 1 }
    asked.push(interaction)
    return answer(interaction)
  })
  discord.sendInteractionsTo(`${await shop.listen({ port: 0, host: '127.0.0.1' })}/`)
})

afterEach(async () => {
  await discord.close()
  await shop.close()
})

const roleOf = (role: string, user = hana) => Routes.guildMemberRole(discord.guildId, user.id, role)
const refusal = (code: number, status: number) => expect.objectContaining({ code, status })

test('an address is saved when it answers a PING and refuses a forged one', async () => {
  await discord.settled()
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
  ahead = 121_000
  await send()
  expect(discord.dms(hana)).toHaveLength(2)
  discord.allowDms(hana, false)
  await expect(send()).rejects.toEqual(refusal(50007, 403))
})
