import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import type { Happening } from '../types.ts'
import { createControls } from './actions.ts'
import { buildPage } from './build-page.ts'
import { mailRoutes } from './mail-routes.ts'
import { readState } from './read-state.ts'
import { type DemoAction, type DemoOptions, DISCORD_SWITCHES, TIME_MACHINE } from './state.ts'
import { createStream } from './stream.ts'

const Act = Type.Union([
  Type.Object({ action: Type.Literal('hand_phone_to'), userId: Type.String() }),
  Type.Object({ action: Type.Literal('refund'), part: Type.Boolean() }),
  Type.Object({
    action: Type.Literal('say'),
    text: Type.String({ minLength: 1, maxLength: 5000 }),
  }),
  Type.Object({
    action: Type.Literal('tap'),
    data: Type.String({ minLength: 1, maxLength: 300 }),
    shown: Type.Optional(Type.String({ maxLength: 300 })),
  }),
  Type.Object({
    action: Type.Literal('discord_type'),
    command: Type.String({ maxLength: 32 }),
    code: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  Type.Object({
    action: Type.Literal('discord_press'),
    message: Type.String({ maxLength: 20 }),
    label: Type.String({ maxLength: 80 }),
  }),
  Type.Object({
    action: Type.Enum([
      'follow',
      'unfollow',
      'settle_konbini',
      'lapse_konbini',
      'resend_twice',
      'line_off',
      'line_on',
      'hold_webhooks',
      'release_shuffled',
      ...TIME_MACHINE,
      ...DISCORD_SWITCHES,
    ]),
  }),
])

/** Scripts and styles from here only; frames and pictures may come from the stand-ins' other ports. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src https: http: data:',
  'frame-src https: http:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * The page that `npm run demo` opens, under /__demo/: a phone beside what happens behind it. What it
 * needs is written at `DemoOptions`. The page is built in the background from the moment of registration.
 */
export const demoRoutes: FastifyPluginAsync<DemoOptions> = async (app, options) => {
  const controls = createControls(options)
  const stream = createStream(() => readState(options, controls))
  let begun = false
  const stopWatching = options.watchers((happening) => {
    // What Noren does while it opens is no part of the story: that begins with somebody else's deed.
    begun ||= happening.from !== 'noren'
    if (begun) stream.tell(addressed(happening, options.staff))
  })
  options.line.holder ??= options.people[0]?.userId ?? null
  const page = buildPage()
  // Without this a failed build would end the process before anybody asked for the page.
  page.catch(() => {})

  app.addHook('preClose', async () => {
    stopWatching()
    stream.close()
  })

  await app.register(mailRoutes, options)

  app.get('/__demo', (_request, reply) => reply.redirect('/__demo/'))

  app.get<{ Params: { '*': string } }>('/__demo/*', async (request, reply) => {
    // 127.0.0.1 and localhost are two origins to a browser: on the wrong one the frame would be a stranger.
    if (request.host !== new URL(options.shopUrl).host && !request.params['*'])
      return reply.redirect(new URL(request.url, options.shopUrl).href)
    const asked = request.params['*'] || 'index.html'
    const files = await page
    const file = files.get(asked) ?? files.get(`${asked}.html`)
    if (!file) return reply.code(404).send({ error: 'not_found' })
    return reply
      .headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-store' })
      .type(file.type)
      .send(file.body)
  })

  // A menu's picture can never be replaced, so a browser may keep it for as long as it likes.
  app.get<{ Params: { id: string } }>('/__demo/menus/:id', async ({ params }, reply) => {
    const menu = options.line.richMenus().find(({ richMenuId }) => richMenuId === params.id)
    if (!menu?.image) return reply.code(404).send({ error: 'not_found' })
    return reply
      .header('cache-control', 'max-age=31536000, immutable')
      .type(menu.image.type)
      .send(menu.image.bytes)
  })

  app.get('/__demo/stream', (request, reply) => {
    reply.hijack()
    stream.serve(reply.raw, Number(request.headers['last-event-id'] ?? 0))
  })

  app.post<{ Body: DemoAction }>(
    '/__demo/act',
    { schema: { body: Act } },
    async (request, reply) => {
      const answer = await controls.act(request.body)
      if (request.body.action === 'hand_phone_to')
        reply.header('set-cookie', forgetCookies(request))
      await stream.refresh()
      return reply.code(answer.done ? 200 : 409).send(answer)
    },
  )
}

/** LINE knows only that it wrote to somebody; what went to the staff's group reached the shop. */
function addressed(happening: Happening, staff: DemoOptions['staff']): Happening {
  const to = (happening.detail as { to?: unknown } | undefined)?.to
  return happening.to === 'buyer' && staff && to === staff.id
    ? { ...happening, to: 'shop' }
    : happening
}

/** The phone changes hands, so the shop's session must not: it is httpOnly, only a server can end it. */
function forgetCookies(request: { headers: { cookie?: string | undefined } }): string[] {
  const names = (request.headers.cookie ?? '').split(';').map((pair) => pair.split('=')[0]?.trim())
  return names
    .filter(Boolean)
    .flatMap((name) => ['/', '/api'].map((path) => `${name}=; Path=${path}; Max-Age=0`))
}
