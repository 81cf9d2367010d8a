import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

/** Cookies know no ports: what this browser keeps bears a mark, and it is shown nothing that does not. */
const OURS = 'other-browser.'
/** Of a page, its data and its scripts; pictures and fonts name no addresses. */
const NAMES_ADDRESSES = /^(text\/html|application\/json|text\/javascript|application\/javascript)/
/** Answers of ours alone say how many bytes they have, and that they are not packed. */
const NOT_PASSED_ON = ['content-length', 'content-encoding', 'transfer-encoding', 'connection']
const PASSED_TO = ['accept', 'accept-language', 'content-type', 'user-agent']
const LIFF = 'https://liff.line.me/'

export type OtherBrowser = {
  /** Where the shop stands in it; a page is opened through its door, `/__open` */
  url: string
  close(): Promise<void>
}

/**
 * The browser that a link in Discord opens. On a real machine that is another one than LINE's, with cookies
 * and storage of its own; the demo shows both in one tab. So the shop and Stripe's pages stand at two more
 * ports: another origin has another storage, and cookies are marked on their way. Addresses in what passes
 * are translated, so that who comes back from Stripe comes back here. The same host on purpose: in a frame
 * of another site no browser would keep a `SameSite=Lax` cookie.
 */
export async function openOtherBrowser(outside: {
  shop: string
  stripe: string
}): Promise<OtherBrowser> {
  const shop = fastify({ forceCloseConnections: true, bodyLimit: 4 * 1_048_576 })
  const stripe = fastify({ forceCloseConnections: true, bodyLimit: 4 * 1_048_576 })
  const inside = { shop: '', stripe: '' }
  const translate = (text: string) =>
    text
      .replaceAll(outside.shop, inside.shop)
      .replaceAll(outside.stripe, inside.stripe)
      .replaceAll("frame-ancestors 'self'", `frame-ancestors ${outside.shop}`)
      .replaceAll(LIFF, `${inside.shop}/__into-line/`)
  openDoor(shop)
  leadIntoLine(shop, outside.shop)
  passOn(shop, outside.shop, translate)
  passOn(stripe, outside.stripe, translate)
  inside.shop = await listen(shop)
  inside.stripe = await listen(stripe)
  return {
    url: inside.shop,
    close: async () => void (await Promise.all([shop.close(), stripe.close()])),
  }
}

async function listen(server: FastifyInstance): Promise<string> {
  const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }))
  return `http://localhost:${port}`
}

/**
 * `/__open?language=en&for=<who>#<path>`: whose browser it is now, and the language that it speaks. Who
 * takes it over finds nothing of whoever had it before.
 */
function openDoor(server: FastifyInstance): void {
  const page = `<!doctype html><meta charset="utf-8"><title>…</title><script>
const asked = new URLSearchParams(location.search)
if (localStorage.getItem('for') !== asked.get('for')) {
  localStorage.clear()
  sessionStorage.clear()
  localStorage.setItem('for', asked.get('for'))
  localStorage.setItem('noren.language', asked.get('language'))
}
const to = decodeURIComponent(location.hash.slice(1))
location.replace(to.startsWith('/') ? location.origin + to : location.origin)
</script>`
  let holder: string | null = null
  server.get<{ Querystring: { for?: string } }>('/__open', (request, reply) => {
    const taken = request.query.for ?? ''
    if (holder !== null && holder !== taken)
      reply.header(
        'set-cookie',
        cookiesOf(request).map(([name]) => `${OURS}${name}=; Path=/; Max-Age=0`),
      )
    holder = taken
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page)
  })
}

/** A tap on a link into LINE: no browser of a computer opens it, the phone beside it does. */
function leadIntoLine(server: FastifyInstance, demo: string): void {
  server.get<{ Params: { '*': string } }>('/__into-line/*', (request, reply) => {
    const [, ...path] = request.url.slice('/__into-line/'.length).split('/')
    const told = JSON.stringify({ intoLine: `/${path.join('/')}` }).replaceAll('<', '\\u003c')
    return reply.type('text/html; charset=utf-8').send(`<!doctype html><meta charset="utf-8">
<title>LINE</title><p>LINE →</p><script>
parent.postMessage({ ...${told}, hash: location.hash }, ${JSON.stringify(demo)})
history.back()
</script>`)
  })
}

function passOn(
  server: FastifyInstance,
  upstream: string,
  translate: (text: string) => string,
): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  server.all('/*', async (request, reply) => {
    const answer = await fetch(new URL(request.url, upstream), {
      method: request.method,
      headers: headersFor(request),
      redirect: 'manual',
      ...(Buffer.isBuffer(request.body) && { body: new Uint8Array(request.body) }),
    })
    reply.code(answer.status).headers(headersOf(answer, translate))
    const kept = answer.headers.getSetCookie().map((cookie) => `${OURS}${cookie}`)
    if (kept.length > 0) reply.header('set-cookie', kept)
    return sendBody(reply, answer, translate)
  })
}

async function sendBody(
  reply: FastifyReply,
  answer: Response,
  translate: (text: string) => string,
): Promise<FastifyReply> {
  if (NAMES_ADDRESSES.test(answer.headers.get('content-type') ?? ''))
    return reply.send(translate(await answer.text()))
  return reply.send(Buffer.from(await answer.arrayBuffer()))
}

function headersFor(request: FastifyRequest): Headers {
  const headers = new Headers({ 'accept-encoding': 'identity' })
  for (const name of PASSED_TO)
    if (request.headers[name]) headers.set(name, String(request.headers[name]))
  const cookies = cookiesOf(request).map((pair) => pair.join('='))
  if (cookies.length > 0) headers.set('cookie', cookies.join('; '))
  return headers
}

function headersOf(answer: Response, translate: (text: string) => string): Record<string, string> {
  const passed = [...answer.headers].filter(
    ([name]) => !NOT_PASSED_ON.includes(name) && name !== 'set-cookie',
  )
  return Object.fromEntries(passed.map(([name, value]) => [name, translate(value)]))
}

/** Of all cookies of this machine, those that this browser keeps, as the shop named them. */
function cookiesOf(request: FastifyRequest): [name: string, value: string][] {
  return (request.headers.cookie ?? '').split('; ').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=')
    return name.startsWith(OURS) ? [[name.slice(OURS.length), value.join('=')]] : []
  })
}
