import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveRole, takeRole } from '../server/memberships/give-role.ts'
import { joinByCode } from '../server/people/join-accounts.ts'
import { makeJoinCode } from '../server/people/join-codes.ts'
import { hashOfCode } from '../shared/code.ts'
import type { DiscordUser, LineUser } from './sandbox/types.ts'
import { type ClubWithDiscord, openClub } from './support/club.ts'
import { comeFromDiscord, payAs } from './support/on-discord.ts'

let club: ClubWithDiscord

beforeAll(async () => {
  club = await openClub({ discord: true })
  club.discord.limit(true)
})
afterAll(() => club.close())

/** What can become of somebody on Discord, by themselves, the shop, a moderator and the network. */
const STEPS = [
  ...['becomes a member', 'becomes premium', 'is a member no longer', 'is premium no longer'],
  ...['buys', 'asks', 'leaves the server', 'comes back', 'closes messages', 'opens messages'],
  ...['is liked by a moderator', 'is liked no longer', 'is one with LINE'],
  ...['Discord breaks down', 'an answer is lost', 'time passes'],
] as const
type Step = (typeof STEPS)[number]

type Life = {
  user: DiscordUser
  person: string
  cookie: string
  account: string
  isThere: boolean
  /** Their other chat, once the two are one */
  line: LineUser | null
  /** What they are by right: of the shop's two roles, and by a moderator's hand */
  roles: Set<'member' | 'premium' | 'tea'>
  bought: number
}

async function begin(): Promise<Life> {
  const user = club.discord.addUser({ name: 'はな' })
  const known = await comeFromDiscord(club, user.name, user.id)
  return { ...known, user, isThere: true, line: null, roles: new Set(), bought: 0 }
}

async function live(life: Life, step: Step): Promise<unknown> {
  const { discord } = club
  const { user, person, cookie, roles, isThere } = life
  const gift = { until: null, note: null }
  switch (step) {
    case 'becomes a member':
      roles.add('member')
      return giveRole(club.members, person, { role: 'member', ...gift })
    case 'becomes premium':
      roles.add('premium')
      return giveRole(club.members, person, { role: 'premium', ...gift })
    case 'is a member no longer':
      roles.delete('member')
      return takeRole(club.members, person, 'member')
    case 'is premium no longer':
      roles.delete('premium')
      return takeRole(club.members, person, 'premium')
    case 'buys':
      life.bought++
      return payAs(club, cookie, club.links.tea)
    case 'asks':
      return isThere && discord.type(user, 'orders')
    case 'leaves the server':
      roles.delete('tea')
      life.isThere = false
      return discord.leave(user)
    case 'comes back':
      life.isThere = true
      return discord.comeBack(user)
    case 'closes messages':
      return discord.allowDms(user, false)
    case 'opens messages':
      return discord.allowDms(user, true)
    case 'is liked by a moderator':
      if (isThere) roles.add('tea')
      return isThere && discord.giveRole(user, discord.roles.tea)
    case 'is liked no longer':
      roles.delete('tea')
      return isThere && discord.takeRole(user, discord.roles.tea)
    case 'is one with LINE':
      return life.line ?? joinLine(life)
    case 'Discord breaks down':
      return discord.fault({ on: /\/(guilds|channels|users)\//, times: 3, status: 500 })
    case 'an answer is lost':
      return discord.fault({ on: /^(PUT|DELETE|POST) .*(roles|messages)/, times: 1, drop: 'after' })
    case 'time passes':
      return club.settleFor(30)
  }
}

/** By a code from LINE; whoever is there is who they are from now on. */
async function joinLine(life: Life): Promise<void> {
  const line = club.line.addUser({ name: 'はな', friend: true })
  await club.cookieOf(line)
  const books = { store: club.store, clock: club.desk.post.clock }
  const { code } = await makeJoinCode(books, `line:${line.userId}`)
  const joined = await joinByCode(books, hashOfCode(code) ?? '', life.account)
  if (joined.state !== 'joined') throw new Error(joined.state)
  life.line = line
  Object.assign(life, await personOf(life))
}

const personOf = ({ account }: Life) =>
  club.store.db
    .selectFrom('accounts')
    .select('person_id as person')
    .where('id', '=', account)
    .executeTakeFirstOrThrow()

/** Everything is well again, and they ask once more. */
async function end({ user }: Life): Promise<unknown> {
  club.discord.comeBack(user)
  club.discord.allowDms(user, true)
  return club.discord.type(user, 'membership')
}

/** What they have on the server, and how often each letter was read, wherever they read it. */
async function outcome({ user, account, line }: Life) {
  const { discord, store } = club
  const named = Object.entries(discord.roles)
  const letters = discord.seen(user).filter(({ content }) => content.startsWith('**'))
  const inLine = line ? club.line.chat(line.userId).filter(({ delivered }) => delivered) : []
  const written = await store.db
    .selectFrom('deliveries')
    .select(['kind', 'state'])
    .where('account_id', 'in', [account, ...(line ? [`line:${line.userId}`] : [])])
    .where('state', '!=', 'superseded')
    .execute()
  return {
    roles: named.filter(([, id]) => discord.rolesOf(user).includes(id)).map(([name]) => name),
    open: written.filter(({ state }) => state !== 'accepted'),
    receipts: written.filter(({ kind }) => kind === 'paid').length,
    unread: written.length - letters.length - inLine.length,
  }
}

function expected({ roles, bought }: Life) {
  const { premium, member, tea } = {
    premium: roles.has('premium'),
    member: roles.has('member'),
    tea: roles.has('tea'),
  }
  const shown = premium ? ['premium'] : member ? ['member'] : []
  return { roles: [...shown, ...(tea ? ['tea'] : [])], open: [], receipts: bought, unread: 0 }
}

test('whatever becomes of them, everybody ends with what is theirs on the server, and has read each letter once', async () => {
  const lives = fc.array(fc.array(fc.constantFrom(...STEPS), { minLength: 3, maxLength: 9 }), {
    minLength: 5,
    maxLength: 5,
  })
  const { discord } = club
  await fc.assert(
    fc.asyncProperty(lives, async (all) => {
      const people: Life[] = []
      for (const _ of all) people.push(await begin())
      for (let at = 0; at < 9; at++)
        for (const [who, life] of people.entries()) {
          const step = all[who]?.[at]
          if (step) await live(life, step)
        }
      discord.clearFaults()
      for (const life of people) await end(life)
      await club.settleFor(3_600)
      for (const life of people) expect(await outcome(life)).toEqual(expected(life))
    }),
    { numRuns: 4, endOnFailure: true },
  )
  const asked = discord.requests()
  expect(asked.filter(({ what }) => what.startsWith('PATCH /guilds'))).toEqual([])
  // Where answers are lost, what is left of a bucket is lost with them.
  expect(asked.filter(({ status }) => status === 429).length).toBeLessThan(5)
  expect(discord.unanswered).toEqual([])
}, 60_000)
