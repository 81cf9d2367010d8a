import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DiscordUser } from './sandbox/types.ts'
import { type ClubWithDiscord, openClub } from './support/club.ts'

let club: ClubWithDiscord
beforeAll(async () => {
  club = await openClub({ discord: true })
})
afterAll(() => club.close())

const settle = () => club.settleFor(20)
const isMember = (user: DiscordUser) =>
  club.discord.rolesOf(user).includes(club.discord.roles.member)

/** Types the code, and says yes to what is asked back. Returns what was asked. */
async function typeAndConfirm(user: DiscordUser, code: string): Promise<string> {
  const { id } = await club.discord.type(user, 'membership', { code })
  await settle()
  const asked = club.discord.message(id)
  if (!asked) throw new Error('nothing was asked back')
  await club.discord.press(user, asked, 'つなぐ')
  await settle()
  return JSON.stringify(asked.embeds) + asked.content
}

test('paid in LINE: the role comes to the Discord account that typed the code, moves to the next one, and goes when they part', async () => {
  const hana = club.line.addUser({ name: '花', friend: true })
  await club.join(hana, club.links.member)
  const cookie = await club.cookieOf(hana)
  const codeNow = async () =>
    String((await club.api(cookie, 'POST', '/api/links/code')).body['code'])
  const [umi, sora] = [
    club.discord.addUser({ name: '海', locale: 'ja' }),
    club.discord.addUser({ name: '空', locale: 'ja' }),
  ]
  expect(await typeAndConfirm(umi, await codeNow())).toContain('花')
  expect([isMember(umi), isMember(sora)]).toEqual([true, false])
  // What is replaced is named before it is.
  expect(await typeAndConfirm(sora, await codeNow())).toContain('海')
  expect([isMember(umi), isMember(sora)]).toEqual([false, true])
  expect((await club.api(cookie, 'POST', '/api/links/leave')).status).toBe(200)
  await settle()
  expect([isMember(umi), isMember(sora)]).toEqual([false, false])
  expect(await club.role(hana)).toBe('member')
  expect(club.menu(hana)).toBe('会員')
})
