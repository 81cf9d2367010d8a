import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { DiscordMessage, DiscordSandbox, DiscordUser } from '../types.ts'
import { type DiscordOptions, type DiscordState, newDiscordState } from './discord-state.ts'
import { dismiss, pressButton, typeCommand } from './interact.ts'
import { messagesFor, viewOf } from './messages.ts'
import { addPerson, allow, comeBack, furnishServer, leave, requirePerson } from './people.ts'
import { botOf, deleteRole, moveRole, putRoles, requireRole } from './roles.ts'
import { saveEndpoint } from './save-endpoint.ts'
import {
  type PostedAnswer,
  type Signing,
  sendInteraction,
  signatureOf,
} from './send-interaction.ts'
import { serveApi } from './serve-api.ts'

/** The stand-in, with what only Discord and its Developer Portal know. */
export type DiscordStandIn = DiscordSandbox &
  Pick<DiscordState, 'channelId' | 'sent' | 'unanswered' | 'answerWithinMs'> & {
    /** What the Developer Portal found when the address was saved; null: nobody saved one */
    readonly check: DiscordState['check']
    /** Sets the address that the portal shows, without asking there. */
    showEndpoint(url: string | null): void
    /** Any interaction (or exact text), signed unless told otherwise: what was answered. */
    sendInteraction(body: unknown, signing?: Signing): Promise<PostedAnswer>
    /** As Discord signs: the time and the body in one. Hex. */
    sign(bytes: Buffer): string
    /** Done once, after Noren has given its next first answer and before Discord has it in hand. */
    meanwhile(work: () => Promise<unknown>): void
    /** Their own "Dismiss message" under what only they see */
    dismiss(user: DiscordUser, message: Pick<DiscordMessage, 'id'>): void
    /** For so long, every request of the bot's is answered 429 with scope global. */
    demandSilence(seconds: number): void
    /** Answers 401, 403 and 429 of the last ten minutes: at 10,000 Discord shuts out the address. */
    invalidAnswers(): number
  }

/**
 * Starts our stand-in for Discord on 127.0.0.1: REST, a server with roles, interactions signed with a key that
 * is made anew each time.
 */
export async function createDiscordSandbox(options: DiscordOptions = {}): Promise<DiscordStandIn> {
  const discord = newDiscordState(options)
  const roles = furnishServer(discord)
  // An interaction's token is longer than a router's usual parameter.
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 500 } })
  serveApi(app, discord)
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' })
  discord.url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const { url, applicationId, publicKey, botToken, guildId, channelId } = discord
  return {
    ...{ url, applicationId, publicKey, botToken, guildId, channelId, roles },
    ...{ sent: discord.sent, unanswered: discord.unanswered },
    get check() {
      return discord.check
    },
    get answerWithinMs() {
      return discord.answerWithinMs
    },
    set answerWithinMs(ms) {
      discord.answerWithinMs = ms
    },
    ...portalVerbs(discord),
    ...userVerbs(discord),
    ...serverVerbs(discord),
    fault: (fault) => discord.faults.add(fault),
    clearFaults: () => discord.faults.clear(),
    requests: () => [...discord.requests],
    limit: (on) => discord.limits.turn(on),
    demandSilence: (seconds) => discord.limits.silence(seconds),
    invalidAnswers: () => discord.limits.invalid(),
    async close() {
      discord.closing.abort()
      await app.close()
    },
  }
}

/** What the shop does in the Developer Portal, and what Discord sends because of it. */
function portalVerbs(discord: DiscordState) {
  return {
    sendInteractionsTo(url: string) {
      const saving = saveEndpoint(discord, url)
      discord.checking = saving
      discord.onTheWay.add(saving)
      void saving.finally(() => discord.onTheWay.delete(saving))
    },
    showEndpoint(url: string | null) {
      discord.endpoint = url
    },
    sendInteraction: (body: unknown, signing?: Signing) =>
      sendInteraction(discord, discord.endpoint ?? '', body, signing),
    sign: (bytes: Buffer) => signatureOf(discord, bytes),
    meanwhile(work: () => Promise<unknown>) {
      discord.meanwhile = work
    },
    async settled() {
      while (discord.onTheWay.size > 0) await Promise.allSettled(discord.onTheWay)
    },
  } satisfies Partial<DiscordStandIn>
}

/** What people do, and what they see. */
function userVerbs(discord: DiscordState) {
  return {
    addUser: (seed) => userOf(addPerson(discord, { ...seed, id: discord.nextId() })),
    users: () => [...discord.people.values()].slice(OWN_PEOPLE).map(userOf),
    type: (user, command, options = {}) => typeCommand(discord, user, command, options),
    press: (user, message, label) => pressButton(discord, user, message, label),
    message(id) {
      const message = discord.messages.get(id)
      return message && viewOf(message)
    },
    dismiss: (user, message) => dismiss(discord, user, message),
    dms: ({ id }) => messagesFor(discord, id, false),
    seen: ({ id }) => messagesFor(discord, id, true),
    leave: (user) => leave(discord, user),
    comeBack: (user) => comeBack(discord, user),
    allowDms(user, allowed) {
      requirePerson(discord, user).dms = allowed
    },
  } satisfies Partial<DiscordStandIn>
}

/** The bot and the owner, whom nobody added. */
const OWN_PEOPLE = 2

function userOf({ id, name, locale }: { id: string; name: string; locale: string }) {
  return { id, name, locale }
}

/** What a moderator does in the server's settings, and what stands there. */
function serverVerbs(discord: DiscordState) {
  const byHand = { by: 'moderator', reason: null }
  const botRole = () => {
    const [id = ''] = botOf(discord).member?.roles ?? []
    return id
  }
  return {
    rolesOf: (user) => [...(requirePerson(discord, user).member?.roles ?? [])],
    giveRole(user, role) {
      const person = requirePerson(discord, user)
      const { id } = requireRole(discord, role)
      putRoles(discord, person, new Set(person.member?.roles).add(id), byHand)
    },
    takeRole(user, role) {
      const person = requirePerson(discord, user)
      const roles = new Set(person.member?.roles)
      roles.delete(requireRole(discord, role).id)
      putRoles(discord, person, roles, byHand)
    },
    putBotBelow: (role) => moveRole(discord, botRole(), 'below', role),
    putBotAbove: (role) => moveRole(discord, botRole(), 'above', role),
    deleteRole: (role) => deleteRole(discord, role),
    allow: (what) => allow(discord, what),
    audit: () => structuredClone(discord.audit),
    commands: () => structuredClone([...discord.commands.values()]),
  } satisfies Partial<DiscordSandbox>
}
