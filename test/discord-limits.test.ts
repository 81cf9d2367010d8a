import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLimits } from '../server/discord/limits.ts'
import { type Discord, openDiscord } from '../server/discord/open-discord.ts'
import { Later } from '../server/ports.ts'
import { createDiscordSandbox, type DiscordStandIn } from './sandbox/discord/start.ts'
import type { DiscordUser } from './sandbox/types.ts'

let ahead = 0
let server: DiscordStandIn
let ours: Discord
const clock = { now: () => new Date(Date.now() + ahead) }
const now = () => clock.now().getTime()

beforeEach(async () => {
  ahead = 0
  server = await createDiscordSandbox({ now: clock.now })
  server.limit(true)
  ours = opened()
})

afterEach(() => server.close())

/** Another process, with limits of its own in memory. */
function opened(): Discord {
  const { applicationId, botToken, guildId } = server
  const meter = { answered: () => {} }
  const apiBase = new URL(server.url)
  return openDiscord({ applicationId, botToken, guildId, apiBase, clock, meter })
}

/** As the queue does it: what is told Later comes back when it was told, and time goes on until all is done. */
async function drain(jobs: (() => Promise<unknown>)[]): Promise<{ sentAway: number }> {
  let sentAway = 0
  let waiting = jobs.map((job) => ({ job, at: now() }))
  const tryOne = async ({ job }: (typeof waiting)[number]) => {
    try {
      await job()
    } catch (error) {
      if (!(error instanceof Later)) throw error
      sentAway += 1
      waiting.push({ job, at: now() + error.seconds * 1_000 })
    }
  }
  while (waiting.length > 0) {
    ahead += Math.max(0, Math.min(...waiting.map(({ at }) => at)) - now())
    const at = now()
    const due = waiting.filter((each) => each.at <= at)
    waiting = waiting.filter((each) => each.at > at)
    await Promise.all(due.map(tryOne))
  }
  return { sentAway }
}

const people = (count: number) =>
  Array.from({ length: count }, (_, at) => server.addUser({ name: `客${at}` }))
const giving =
  (user: DiscordUser, from = ours) =>
  () =>
    from.roles.give(user.id, server.roles.member, '会員')
const failure = (work: () => unknown) => {
  try {
    return work()
  } catch (error) {
    return error
  }
}
const tooFast = () => server.requests().filter(({ status }) => status === 429).length

test('two hundred roles at once never overrun the server’s bucket, and nobody is sent away often', async () => {
  const users = people(200)
  const began = now()
  const { sentAway } = await drain(users.map((user) => giving(user)))
  expect(tooFast()).toBe(0)
  expect(users.every((user) => server.rolesOf(user).includes(server.roles.member))).toBe(true)
  // Ten in ten seconds are 200 s at the least.
  expect(now() - began).toBeLessThan(240_000)
  expect(sentAway).toBeLessThan(3 * users.length)
})

test('a second process learns from what it is told, and what it overruns is little', async () => {
  const other = opened()
  const users = people(100)
  await drain(users.map((user, at) => giving(user, at % 2 ? other : ours)))
  expect(users.every((user) => server.rolesOf(user).includes(server.roles.member))).toBe(true)
  expect(tooFast()).toBeLessThan(20)
})

test('never more than the whole bot may ask leaves in a second, whatever it asks for', async () => {
  const users = people(120)
  await drain([
    ...users.map((user) => () => ours.channel.profile(user.id)),
    ...users.slice(0, 20).map((user) => giving(user)),
  ])
  expect(tooFast()).toBe(0)
})

test('giving and taking share one bucket, as its name says', async () => {
  const users = people(14)
  const taking = (user: DiscordUser) => () => ours.roles.take(user.id, server.roles.member, '退会')
  await drain(users.slice(0, 1).map((user) => giving(user)))
  ahead += 60_000
  await drain(users.slice(0, 4).map(taking))
  await drain(users.slice(4).map((user) => giving(user)))
  expect(tooFast()).toBe(0)
})

test('told that all is too fast, the bot is silent for so long; who asked something is answered meanwhile', async () => {
  const [user = server.addUser({ name: '花子' })] = people(1)
  server.demandSilence(30)
  const began = now()
  await expect(giving(user)()).rejects.toThrow(Later)
  await drain([giving(user), () => ours.channel.profile(user.id)])
  expect(server.rolesOf(user)).toEqual([server.roles.member])
  expect(now() - began).toBeGreaterThan(30_000)
  expect(tooFast()).toBe(1)
  server.demandSilence(30)
  await expect(giving(user)()).rejects.toThrow(Later)
  expect(await ours.channel.answer('no-token', '{"content":"x"}')).toBe('spent')
})

test('shut out by what stands before Discord’s API, nothing at all is asked until it is over', async () => {
  const [user = server.addUser({ name: '花子' })] = people(1)
  const banned = { status: 429, headers: { 'retry-after': '40' }, body: 'error code: 1015' }
  server.fault({ on: /./, times: 1, ...banned })
  await expect(giving(user)()).rejects.toMatchObject({ seconds: expect.closeTo(40, 0) })
  await expect(ours.channel.answer('no-token', '{"content":"x"}')).rejects.toThrow(Later)
  expect(server.requests()).toHaveLength(1)
})

test.each([
  ['no wait at all', { 'retry-after': '0' }, 'error code: 1015', 10],
  ['a moment that is over', { 'retry-after': new Date(0).toUTCString() }, '', 10],
  ['for ever', {}, '{"retry_after":1e999,"global":false}', 3_600],
])('a 429 that asks for %s is taken for what it can mean', async (_, headers, body, seconds) => {
  const [user = server.addUser({ name: '花子' })] = people(1)
  server.fault({ on: /./, times: 1, status: 429, headers, body })
  await expect(giving(user)()).rejects.toMatchObject({ seconds: expect.closeTo(seconds, 0) })
})

test('a clock that is put back by a day keeps nobody waiting for a day', () => {
  const limits = createLimits(clock)
  const place = { endpoint: 'PUT guilds/members/roles', major: '/guilds/1', byInteraction: false }
  const ticket = limits.enter(place)
  limits.heard(ticket, 204, 'roles', { limit: 1, remaining: 0, resetAfter: 10_000 })
  limits.refused(limits.enter({ ...place, endpoint: 'GET users' }), { seconds: 5, scope: 'global' })
  ahead -= 86_400_000
  expect(failure(() => limits.enter(place))).toMatchObject({ seconds: expect.closeTo(5, 0) })
  ahead += 5_100
  expect(failure(() => limits.enter(place))).toMatchObject({ seconds: expect.closeTo(5, 0) })
  ahead += 5_100
  expect(limits.enter(place)).toBeDefined()
})

test('a fifth of the refusals that shut an address out are enough, since five may be at it: then Discord is left alone', () => {
  const limits = createLimits(clock)
  const place = { endpoint: 'GET users', major: '', byInteraction: true }
  for (let refused = 0; refused < 2_000; refused++)
    limits.heard(limits.enter(place), 403, null, null)
  expect(failure(() => limits.enter(place))).toMatchObject({
    name: 'Later',
    seconds: expect.closeTo(600, 0),
  })
  ahead += 600_000
  expect(limits.enter(place)).toBeDefined()
})
