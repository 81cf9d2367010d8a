import { SignJWT } from 'jose'
import { type House, type HouseWithDiscord, TEA } from '../support/house.ts'

export type Player = {
  /** Stands in name and mail; no other person may ever read it. */
  mark: string
  userId: string
  cookie: string
  idToken: string
  order: string
}

export type Cast = {
  players: Player[]
  /** Paid from a poster's link: whoever claims one first has it */
  unowned: string[]
  link: string
  /** Cookies that look like one and are none */
  forgedCookies: string[]
  stripeSecret: string
  lineSecret: string
  onDiscord: { applicationId: string; guildId: string }
  signAsDiscord(bytes: Buffer): string
}

const markOf = (at: number) => `mk${String(at).padStart(4, '0')}mk`

/** People with a log-in and an order each, and orders that belong to nobody yet. */
export async function openCast(house: HouseWithDiscord, size: number): Promise<Cast> {
  const link = house.stripe.addLink({ ...TEA, id: 'plink_tea' })
  const players: Player[] = []
  for (let at = 0; at < size; at++) players.push(await openPlayer(house, at, link.id))
  const unowned: string[] = []
  for (let at = 0; at < 5; at++) {
    const session = house.stripe.visit(link.url)
    await house.stripe.payByCard(session)
    unowned.push(session)
  }
  await house.settle()
  const { stripe, line } = house.config
  return {
    players,
    unowned,
    link: link.id,
    forgedCookies: await forge(players),
    stripeSecret: stripe.webhookSecrets[0] ?? '',
    lineSecret: line.channelSecret,
    onDiscord: house.discord,
    signAsDiscord: house.discord.sign,
  }
}

async function openPlayer(house: House, at: number, link: string): Promise<Player> {
  const mark = markOf(at)
  const { userId } = house.line.addUser({ name: `人 ${mark}`, friend: true })
  const over = { name: `人 ${mark}`, email: `${mark}@example.com` }
  const idToken = await house.line.idToken(userId, over)
  const answer = await fetch(`${house.url}/api/session`, {
    method: 'POST',
    // A person each at home: the limit of log-ins counts addresses.
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': `10.0.${at >> 8}.${at & 255}`,
    },
    body: JSON.stringify({ idToken }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const checkout = await house.api(cookie, 'POST', '/api/checkout', { offer: link })
  const order = house.stripe.visit(checkout.body['url'] as unknown as string)
  await house.stripe.payByCard(order, { name: mark, email: `${mark}@example.com` })
  return { mark, userId, cookie, idToken, order }
}

/** Signed with another secret, with none, and with one letter of a genuine one changed. */
async function forge(players: readonly Player[]): Promise<string[]> {
  const token = players[0]?.cookie.split('=')[1] ?? ''
  const [header = '', payload = '', mac = ''] = token.split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const other = await new SignJWT({ acc: `line:${players[0]?.userId}` })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('somebody')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('a secret that is not the house’s own one'))
  const changed = `${payload.slice(0, -2)}${payload.at(-2) === 'A' ? 'B' : 'A'}${payload.at(-1)}`
  return [
    other,
    `${none}.${payload}.`,
    `${none}.${payload}.${mac}`,
    `${header}.${changed}.${mac}`,
    `${header}.${payload}.${mac.slice(0, -4)}AAAA`,
    `${header}.${payload}`,
  ].map((value) => `noren_session=${value}`)
}
