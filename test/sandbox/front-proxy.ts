import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import type { LineSandbox } from './types.ts'

/**
 * What the browser of the demo talks to: LINE's hosts under /__line/ (the LIFF SDK of the demo build
 * asks there), and Noren for everything else. Noren forbids every frame; the phone on the demo's page
 * is one, so this front, and only it, lets its own origin frame the shop. With `stripeUrl` the page of the
 * pricing table, which loads Stripe's script from Stripe's own host, is led there instead.
 */
export async function frontProxy(
  front: FastifyInstance,
  options: { line: LineSandbox; origin: string; norenUrl: string; stripeUrl: string | null },
): Promise<void> {
  await front.register(async (scope) => answerForLine(scope, options))
  const { norenUrl, stripeUrl } = options
  if (stripeUrl) leadToStandIn(front, norenUrl, stripeUrl)
  await front.register(httpProxy, {
    upstream: norenUrl,
    replyOptions: { rewriteHeaders: (headers) => framable(headers, stripeUrl) },
  })
}

const STRIPE_JS = 'https://js.stripe.com'

/** The one script that names Stripe's host, with the stand-in's instead. */
function leadToStandIn(front: FastifyInstance, norenUrl: string, stripeUrl: string): void {
  front.get('/assets/:name(^plans-[\\w-]+\\.js$)', async (request, reply) => {
    const answer = await fetch(new URL(request.url, norenUrl))
    const code = (await answer.text()).replaceAll(STRIPE_JS, stripeUrl)
    return reply
      .code(answer.status)
      .type(answer.headers.get('content-type') ?? 'text/javascript')
      .header('cache-control', 'no-store')
      .send(code)
  })
}

function answerForLine(scope: FastifyInstance, options: { line: LineSandbox; origin: string }) {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  scope.all('/__line/*', async (request, reply) => {
    const headers = new Headers()
    for (const name of ['authorization', 'content-type', 'accept'])
      if (request.headers[name]) headers.set(name, String(request.headers[name]))
    const answer = await options.line.handle(
      new Request(new URL(request.url, options.origin), {
        method: request.method,
        headers,
        ...(typeof request.body === 'string' ? { body: request.body } : {}),
      }),
    )
    return reply
      .code(answer.status)
      .headers(Object.fromEntries(answer.headers))
      .send(Buffer.from(await answer.arrayBuffer()))
  })
}

function framable<T extends Record<string, unknown>>(headers: T, stripeUrl: string | null): T {
  const policy = headers['content-security-policy']
  const { 'x-frame-options': _, ...others } = headers
  if (typeof policy !== 'string') return others as T
  return {
    ...others,
    'content-security-policy': policy
      .replace("frame-ancestors 'none'", "frame-ancestors 'self'")
      .replaceAll(STRIPE_JS, stripeUrl ?? STRIPE_JS),
  } as unknown as T
}
