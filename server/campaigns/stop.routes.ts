import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Language, nearestLanguage } from '../../shared/language.ts'
import { tooManyRequests } from '../errors.ts'
import { optOut } from '../people/opt-outs.store.ts'
import { accountsOf, findAccount } from '../people/people.store.ts'
import type { Clock, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { type StopState, stopPage, stopPolicy } from './stop-page.ts'
import { openStopToken, STOP_PATH, type StopClaim } from './stop-token.ts'

type Options = { store: Store; clock: Clock; shop: ShopConfig; secrets: readonly string[] }
type Asked = FastifyRequest<{ Querystring: { t?: unknown } }>

/** A mail program sends 26 bytes; a browser's empty form none. */
const BODY_LIMIT = 1_024

/**
 * The link at the foot of a letter. Asked for it is a page with one button; posted to, by that button or by a
 * mail program on its own (RFC 8058), it stops all campaigns at once. The token is all that is asked for: no
 * cookie, no log-in, and whoever forges a post to it has the letter in hand.
 */
export const stopRoutes: FastifyPluginAsync<Options> = async (app, options) => {
  const { clock, shop, secrets } = options
  // Large mail houses press the button for many of their readers from one address.
  await app.register(rateLimit, {
    max: 600,
    timeWindow: 60_000,
    errorResponseBuilder: tooManyRequests,
  })
  app.removeAllContentTypeParsers()
  // What the body says is nothing to us: the address says all, and the standard allows two forms of it.
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_asked, _body, done) => done(null, null),
  )
  const policy = stopPolicy(shop)

  async function answer(
    request: Asked,
    reply: FastifyReply,
    claim: StopClaim | null,
    state: StopState,
  ) {
    const language = await languageOf(options, request, claim)
    return reply
      .code(state === 'unknown' ? 404 : 200)
      .header('content-security-policy', policy)
      .type('text/html; charset=utf-8')
      .send(stopPage(shop, language, state))
  }

  app.get(STOP_PATH, async (request: Asked, reply) => {
    const claim = await openStopToken(request.query.t, secrets, clock.now())
    return answer(request, reply, claim, claim ? 'ask' : 'unknown')
  })

  app.post(STOP_PATH, { bodyLimit: BODY_LIMIT }, async (request: Asked, reply) => {
    const claim = await openStopToken(request.query.t, secrets, clock.now())
    if (claim) await stopFor(options, claim)
    return answer(request, reply, claim, claim ? 'done' : 'unknown')
  })
}

/** For whom it was written to, and for whoever they have become: a merge may be undone. */
async function stopFor(
  { store, clock }: Pick<Options, 'store' | 'clock'>,
  { personId, mailbox }: StopClaim,
): Promise<void> {
  await store.transaction(async (tx) => {
    const owner = mailbox ? await findAccount(tx, mailbox) : undefined
    for (const each of new Set([personId, owner?.person_id ?? personId]))
      await optOut(tx, each, 'mail', clock.now())
  })
}

/** Theirs as the letter had it; for a link that says nobody, the browser's. */
async function languageOf(
  { store, shop }: Options,
  request: FastifyRequest,
  claim: StopClaim | null,
): Promise<Language> {
  const accounts = claim ? await accountsOf(store.db, claim.personId) : []
  const theirs = accounts.find(({ language }) => language)?.language
  const browser = request.headers['accept-language']?.split(/[,;]/)[0]
  return theirs ?? nearestLanguage(browser) ?? shop.language ?? 'ja'
}
