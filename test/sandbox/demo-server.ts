import type { DiscordSandbox, DiscordUser, LineUser } from './types.ts'

export const DISCORD_INVITE = 'https://discord.gg/noren'

/** The demo's people as they are on Discord, by their LINE ids, and a moderator whose role is nothing of ours. */
export function inviteToServer(
  discord: DiscordSandbox,
  people: LineUser[],
): Map<string, DiscordUser> {
  discord.addUser({ name: '日向', roles: [discord.roles.moderator] })
  const names = ['hana', 'ichiro', 'Emma']
  return new Map(
    people.map(({ userId, name, language }, index) => {
      const locale = language.startsWith('ja') ? 'ja' : 'en-US'
      return [userId, discord.addUser({ name: names[index] ?? name, locale })]
    }),
  )
}
