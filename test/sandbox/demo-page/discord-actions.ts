import type { DiscordUser, LineSandbox } from '../types.ts'
import type { DemoAction, DemoServer, Refusal } from './state.ts'

type Verbs = {
  [A in DemoAction as A['action'] extends `discord_${string}` ? A['action'] : never]: (
    action: A,
  ) => Promise<Refusal | undefined>
}

export type DiscordSwitches = {
  verbs: Verbs
  /** What the stand-in does, and does not tell */
  onServer(user: DiscordUser): boolean
  takesDms(user: DiscordUser): boolean
  botBelow(): boolean
}

/** What whoever holds the phone does on Discord, and what others do to them there. */
export function discordSwitches(demo: {
  line: LineSandbox
  discord?: DemoServer
}): DiscordSwitches {
  const gone = new Set<string>()
  const closed = new Set<string>()
  let below = false

  const verbs: Verbs = {
    discord_type: ({ command, code }) =>
      asMember(async (user, { sandbox }) => {
        await sandbox.type(user, command, code ? { code } : {})
      }),
    discord_press: async ({ message: id, label }) => {
      const message = demo.discord?.sandbox.message(id)
      if (!message) return 'message_gone'
      return asUser(async (user, { sandbox }) => {
        await sandbox.press(user, message, label)
      })
    },
    discord_leave: () =>
      asUser(async (user, { sandbox }) => {
        sandbox.leave(user)
        gone.add(user.id)
      }),
    discord_come_back: () =>
      asUser(async (user, { sandbox }) => {
        sandbox.comeBack(user)
        gone.delete(user.id)
      }),
    discord_refuse_dms: () => dms(false),
    discord_take_dms: () => dms(true),
    discord_give_tea: () =>
      asMember(async (user, { sandbox }) => sandbox.giveRole(user, sandbox.roles.tea)),
    discord_take_tea: () =>
      asMember(async (user, { sandbox }) => sandbox.takeRole(user, sandbox.roles.tea)),
    discord_take_member: () =>
      asMember(async (user, { sandbox }) => {
        for (const role of [sandbox.roles.member, sandbox.roles.premium])
          if (sandbox.rolesOf(user).includes(role)) sandbox.takeRole(user, role)
      }),
    discord_bot_below: () =>
      asUser(async (_, { sandbox }) => {
        sandbox.putBotBelow(sandbox.roles.member)
        below = true
      }),
    discord_bot_above: () =>
      asUser(async (_, { sandbox }) => {
        sandbox.putBotAbove(sandbox.roles.premium)
        below = false
      }),
  }

  type Work = (user: DiscordUser, server: DemoServer) => Promise<void>

  async function asUser(work: Work): Promise<Refusal | undefined> {
    const user = demo.discord?.users.get(demo.line.holder ?? '')
    if (!user || !demo.discord) return 'not_on_discord'
    await work(user, demo.discord)
  }

  async function asMember(work: Work): Promise<Refusal | undefined> {
    const user = demo.discord?.users.get(demo.line.holder ?? '')
    return user && gone.has(user.id) ? 'not_on_server' : asUser(work)
  }

  function dms(allowed: boolean): Promise<Refusal | undefined> {
    return asUser(async (user, { sandbox }) => {
      sandbox.allowDms(user, allowed)
      if (allowed) closed.delete(user.id)
      else closed.add(user.id)
    })
  }

  return {
    verbs,
    onServer: ({ id }) => !gone.has(id),
    takesDms: ({ id }) => !closed.has(id),
    botBelow: () => below,
  }
}
