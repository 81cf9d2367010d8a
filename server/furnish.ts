import { localized } from '../shared/language.ts'
import type { CampaignDesk } from './campaigns/open-round.ts'
import type { ChatDesk } from './chat/answer-chat.ts'
import type { CommandDesk } from './chat/answer-command.ts'
import type { Config } from './config.ts'
import { openDiscord } from './discord/open-discord.ts'
import type { OutboundDesk } from './integrations/send-outbound.ts'
import { mergesOf } from './integrations/tell-merge.ts'
import { openTurnstile } from './integrations/turnstile.ts'
import { openLineChannel } from './line/channel.ts'
import { lineLimit, type Paced, paceLine } from './line/paced.ts'
import { openLineSign } from './line/sign.ts'
import { boundFetch } from './line/timeouts.ts'
import { fixedToken, statelessTokens } from './line/token.ts'
import { openMailChannel } from './mail/channel.ts'
import { lookFirst } from './memberships/look-first.ts'
import type { ProcedureDesk } from './memberships/open-procedure.ts'
import type { MemberDesk } from './memberships/reconcile-membership.ts'
import type { PostRoom } from './notifications/notify.ts'
import { strikesOfAll } from './notifications/pause-channel.ts'
import { type OpenMeter, openMeter } from './operations/meter.ts'
import type { OrderDesk } from './orders/reconcile-order.ts'
import { settleSession } from './orders/settle-session.ts'
import { openOutbound } from './outbound/open-outbound.ts'
import type { PortalHouse } from './portal/read-specs.ts'
import type {
  ChatChannel,
  Clock,
  Log,
  MailChannel,
  Pace,
  ReadBudget,
  Store,
  StripeGateway,
} from './ports.ts'
import type { House } from './reactions.ts'
import { shareNext } from './share-next.ts'
import type { Catalogue } from './shop/catalogue.ts'
import { plansIn } from './shop/plans.ts'
import type { SignDesk } from './signs/show-sign.ts'
import { openStore } from './store/open-store.ts'
import { openPace } from './store/pace.ts'
import { openReadBudget } from './store/read-budget.ts'
import { openStripe } from './stripe/gateway.ts'
import { pacedClient, stripeLimit } from './stripe/paced-client.ts'

export type Furnished = {
  store: Store
  meter: OpenMeter
  pace: Pace & { close(): void }
  reads: ReadBudget & { close(): Promise<void> }
  stripe: StripeGateway
  channel: ChatChannel
  /** null: the shop has no mail server, and nobody hears by mail */
  mail: (MailChannel & { close(): void }) | null
  desk: OrderDesk
  catalogue: Catalogue
  house: House
  members: MemberDesk
  signs: SignDesk
  procedures: ProcedureDesk
  portal: PortalHouse
  outbound: OutboundDesk
  campaigns: CampaignDesk
  /** Writes down what is still in memory, lets nobody wait any longer, and closes the store. */
  close(): Promise<void>
}

/** The pen looks for the lock each millisecond, so two are enough for it to get in. */
export const WORKER_GAP_MS = 2

export const systemClock: Clock = { now: () => new Date() }

/** Store, adapters and desks from the config: what the web side and the worker both need. */
export function furnish(config: Config, clock: Clock, log: Log, gapMs = 0): Furnished {
  boundFetch()
  const { shop } = config
  const liffId = config.liff.id
  const report = (error: unknown) => log.error({ err: error }, 'the house has trouble of its own')
  const store = openStore(config.database, { clock, report, gapMs })
  const meter = openMeter({ store, report })
  const reads = openReadBudget({ store, clock, report })
  const limitOf = (lane: string) =>
    lane.startsWith('stripe') ? stripeLimit(lane, config.stripe.rate) : lineLimit(lane)
  const pace = openPace({ store, clock, report, limitOf })
  const httpClient = pacedClient({ pace, meter, reads })
  const stripe = openStripe({ ...config.stripe, httpClient })
  const paced = paceLine({ pace, meter })
  const line = { apiBase: config.line.apiBase, tokens: tokensOf(config, clock, paced), paced }
  const channel = openLineChannel(line)
  const discord = config.discord ? openDiscord({ ...config.discord, clock, meter }) : null
  const mail = openMail(config)
  const post: PostRoom = {
    store,
    channel,
    chats: { line: channel, ...(discord ? { discord: discord.channel } : {}) },
    mail,
    clock,
    shop,
    liffId,
    log,
    meter,
    strikes: strikesOfAll(),
  }
  const desk: OrderDesk = { stripe, post, rules: config, report }
  const { paymentLinks } = config
  const catalogue: Catalogue = { store, stripe, clock, shop, paymentLinks, reads }
  const members: MemberDesk = { stripe, post, share: shareNext<boolean>() }
  const signs: SignDesk = {
    ...{ store, clock, log, shop, liffId, post },
    sign: openLineSign(line),
    roles: discord?.roles ?? null,
    pictures: config.pictures,
    share: shareNext<string>(),
  }
  const look = (personId: string) => lookFirst(members, personId)
  const chat: ChatDesk = {
    post,
    publicUrl: config.publicUrl,
    plans: (language) => plansIn(catalogue, language),
  }
  const commands: CommandDesk | null = discord && {
    ...chat,
    channel: discord.channel,
    merges: mergesOf({ store, clock }),
    lookFirst: look,
  }
  const procedures: ProcedureDesk = {
    lookFirst: look,
    ...{ store, stripe, clock, log, shop },
    settle: (session) => settleSession({ desk, members }, session),
    publicUrl: config.publicUrl,
    referenceStyle: config.referenceStyle,
    referenceSecret: config.referenceSecrets[0] ?? '',
  }
  const portal: PortalHouse = {
    lookFirst: look,
    ...{ store, stripe, clock, shop, paymentLinks, report },
    publicUrl: config.publicUrl,
  }
  const outbound: OutboundDesk = {
    post,
    outbound: openOutbound({ hosts: config.outboundHosts, clock }),
    turnstile: openTurnstile(),
  }
  const campaigns: CampaignDesk = {
    ...{ post, catalogue },
    publicUrl: config.publicUrl,
    secrets: config.referenceSecrets,
  }
  const rooms = { desk, delivery: post, catalogue, members, signs, chat, commands }
  const house: House = { ...rooms, outbound, log }
  async function close(): Promise<void> {
    pace.close()
    mail?.close()
    await reads.close()
    await meter.close()
    await outbound.outbound.close()
    await store.close()
  }
  const made = { store, meter, pace, reads, stripe, channel, mail, desk, catalogue }
  const desks = { members, signs, procedures, portal, outbound, campaigns }
  return { ...made, ...desks, house, close }
}

function tokensOf({ line }: Config, clock: Clock, paced: Paced) {
  const { accessToken, channelId, channelSecret, apiBase } = line
  if (accessToken) return fixedToken(accessToken)
  return statelessTokens({ channelId: channelId ?? '', channelSecret, apiBase, clock, paced })
}

function openMail({ mail, shop }: Config) {
  if (!mail) return null
  const { seller, address, phone, email } = shop.legal
  return openMailChannel({
    ...mail,
    replyTo: shop.mail?.replyTo,
    imprint: (language) =>
      [seller, address, phone, email].map((words) => localized(words, language)),
  })
}
