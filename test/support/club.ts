import { describeAccount, ensureAccount } from '../../server/people/people.store.ts'
import { SESSION_COOKIE, sealSession } from '../../server/people/session.ts'
import type { Role, ShopConfig } from '../../server/shop/define-shop.ts'
import type { SubscriptionRow } from '../../server/store/tables.ts'
import type { DiscordStandIn } from '../sandbox/discord/start.ts'
import type { LineUser, LinkSeed, StripeSandbox } from '../sandbox/types.ts'
import { type House, type HouseOptions, type HouseWithDiscord, openHouse, TEA } from './house.ts'
import { plainPng } from './plain-png.ts'

const INVITE = 'https://discord.gg/noren'
const PICTURE = 'menu.png'
/** Drawing a menu takes a fifth of a second: a shop's own picture is sent as it is. */
const PICTURES = new Map([
  [PICTURE, { file: plainPng({ width: 2500, height: 843 }), type: 'image/png' as const }],
])

const plan = (name: string, amount: number): LinkSeed => ({
  items: [{ name, amount }],
  currency: 'jpy',
  recurring: { interval: 'month' },
  paymentMethods: ['card'],
})

/** A shop with two roles: 会員 and, above it, 特別会員. */
export type Club = House & {
  links: Record<
    'member' | 'premium' | 'trial' | 'yearly' | 'pass' | 'forever' | 'tea' | 'box',
    string
  >
  prices: Record<'member' | 'premium', string>
  cookieOf(user: LineUser): Promise<string>
  /** Pays for a plan as the page does. Returns the customer and the subscription. */
  join(user: LineUser, link: string): Promise<Member>
  /** Buys something once, and settles. */
  buy(user: LineUser, link: string): Promise<string>
  /** Time at Stripe, for this customer alone. */
  pass(customer: string, by: { days?: number; months?: number }): Promise<void>
  role(user: LineUser): Promise<string>
  /** The kinds of what a member was told, in order. */
  told(user: LineUser): Promise<string[]>
  /** Whose menu is under the chat: its bar, or `none`. */
  menu(user: LineUser): string
  subscription(id: string): Promise<SubscriptionRow>
}
export type Member = { customer: string; subscription: string; session: string }

export type ClubOptions = Omit<HouseOptions, 'shop'> & {
  shop?: Partial<ShopConfig>
  roles?: (roles: Role[]) => Role[]
}

/** Its members and premium members have a role each on the shop's server. */
export type ClubWithDiscord = Club & Pick<HouseWithDiscord, 'discord'>

export async function openClub(options: ClubOptions & { discord: true }): Promise<ClubWithDiscord>
export async function openClub(options?: ClubOptions): Promise<Club>
export async function openClub(options: ClubOptions = {}): Promise<Club> {
  let made!: Pick<Club, 'links' | 'prices'>
  const { shop, roles = (all) => all, ...others } = options
  const house = await openHouse({
    ...others,
    config: { ...others.config, pictures: PICTURES },
    shop: (stripe, discord) => {
      made = stockClub(stripe)
      const onServer = discord ? { discord: { invite: INVITE } } : {}
      return { roles: roles(rolesOf(stripe, made, discord)), ...onServer, ...shop }
    },
  })
  return clubIn(house, made)
}

function stockClub(stripe: StripeSandbox): Pick<Club, 'links' | 'prices'> {
  const add = (seed: LinkSeed) => stripe.addLink(seed).id
  const links = {
    member: add(plan('のれん会員', 500)),
    premium: add(plan('のれん特別会員', 1_500)),
    trial: '',
    yearly: '',
    pass: add({ ...TEA, items: [{ name: '30日パス', amount: 800 }] }),
    forever: add({ ...TEA, items: [{ name: '永年会員', amount: 30_000 }] }),
    tea: add(TEA),
    box: add(plan('お茶の定期便', 3_480)),
  }
  links.trial = add({ ...plan('のれん会員 お試し', 500), trialDays: 14 })
  links.yearly = add({ ...plan('のれん会員 年払い', 5_000), recurring: { interval: 'year' } })
  return {
    links,
    prices: { member: priceOf(stripe, links.member), premium: priceOf(stripe, links.premium) },
  }
}

function rolesOf(
  stripe: StripeSandbox,
  { links, prices }: Pick<Club, 'links' | 'prices'>,
  discord: DiscordStandIn | null,
): Role[] {
  const onServer = (role: 'premium' | 'member') =>
    discord ? { discordRoles: discord.roles[role] } : {}
  const menu = { picture: PICTURE, tiles: [{ opens: 'membership' as const }] }
  return [
    {
      id: 'premium',
      title: { ja: '特別会員', en: 'Premium member' },
      grants: [{ price: prices.premium }, { offer: links.forever }],
      menu: { ...menu, bar: '特別会員' },
      ...onServer('premium'),
    },
    {
      id: 'member',
      title: { ja: '会員', en: 'Member' },
      benefits: { ja: '毎月の新茶便り', en: 'News of each new tea' },
      grants: [
        { price: prices.member },
        { product: [productOf(stripe, links.trial), productOf(stripe, links.yearly)] },
        { offer: links.pass, days: 30 },
      ],
      menu: { ...menu, bar: '会員' },
      ...onServer('member'),
    },
    {
      id: 'guest',
      title: 'ゲスト',
      menu: { picture: PICTURE, bar: 'ゲスト', tiles: [{ opens: 'join' }] },
    },
  ]
}

function itemOf(stripe: StripeSandbox, link: string) {
  const [price] = stripe.soldBy(link)
  if (!price) throw new Error(`link ${link} sells nothing`)
  return price
}
const priceOf = (stripe: StripeSandbox, link: string) => itemOf(stripe, link).price
const productOf = (stripe: StripeSandbox, link: string) => itemOf(stripe, link).product

function clubIn(house: House, made: Pick<Club, 'links' | 'prices'>): Club {
  const { stripe, store, line, config } = house
  const now = () => house.desk.post.clock.now()
  const cookies = new Map<string, string>()

  /** As a log-in makes it; only so many of those a minute come from one address. */
  async function cookieOf({ userId, name }: LineUser): Promise<string> {
    const known = cookies.get(userId)
    if (known) return known
    const account = await store.transaction(async (tx) => {
      const made = await ensureAccount(tx, userId, now())
      await describeAccount(tx, made.id, { name, language: 'ja', friend: 1 })
      return made
    })
    const session = { personId: account.person_id, accountId: account.id }
    const sealed = await sealSession(session, config.sessionSecrets[0] ?? '', now())
    const cookie = `${SESSION_COOKIE}=${sealed}`
    cookies.set(userId, cookie)
    return cookie
  }

  async function order(user: LineUser, link: string): Promise<string> {
    const { status, body } = await house.api(await cookieOf(user), 'POST', '/api/checkout', {
      offer: link,
    })
    if (status !== 200) throw new Error(`no checkout: ${JSON.stringify(body)}`)
    return stripe.visit(String(body['url']))
  }

  return {
    ...house,
    ...made,
    cookieOf,
    async join(user, link) {
      const session = await order(user, link)
      await stripe.payByCard(session)
      await house.settle()
      const { customer, subscription } = stripe.session(session)
      return { session, customer: String(customer), subscription: String(subscription) }
    },
    async buy(user, link) {
      const session = await order(user, link)
      await stripe.payByCard(session)
      await house.settle()
      return session
    },
    async pass(customer, by) {
      await stripe.advance(customer, by)
      await house.settle()
    },
    async role(user) {
      const row = await store.db
        .selectFrom('memberships')
        .innerJoin('accounts', 'accounts.person_id', 'memberships.person_id')
        .select('role')
        .where('accounts.id', '=', `line:${user.userId}`)
        .executeTakeFirst()
      return row?.role ?? 'guest'
    },
    async told(user) {
      const rows = await store.db
        .selectFrom('deliveries')
        .select(['kind', 'state'])
        .where('account_id', '=', `line:${user.userId}`)
        .where('kind', 'not in', ['paid', 'refunded'])
        .orderBy('created_at')
        .execute()
      return rows.map(({ kind }) => kind)
    },
    menu(user) {
      return line.menuOf(user.userId)?.chatBarText ?? 'none'
    },
    subscription: (id) =>
      store.db
        .selectFrom('subscriptions')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
  }
}
