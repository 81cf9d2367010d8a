import type { APIInteraction } from 'discord-api-types/v10'
import { verifyKey } from 'discord-interactions'
import Fastify from 'fastify'

/** "Working on it", for their eyes only */
export const DEFERRED = { type: 5, data: { flags: 64 } }

/**
 * A server that does no more for Discord than it must: refuses what is forged, answers a PING, and everything
 * else as `answer` says. For tests that want no house behind it.
 */
export async function openDoor(
  publicKey: string,
  answer: (interaction: APIInteraction) => unknown = () => DEFERRED,
): Promise<{ url: string; close(): Promise<void> }> {
  const door = Fastify({ forceCloseConnections: true })
  door.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  )
  door.post('/', async ({ headers, body }, reply) => {
    const [signature, at] = ['ed25519', 'timestamp'].map((name) =>
      String(headers[`x-signature-${name}`]),
    )
    if (!(await verifyKey(String(body), signature ?? '', at ?? '', publicKey)))
      return reply.code(401).send()
    const interaction = JSON.parse(String(body)) as APIInteraction
    return interaction.type === 1 ? { type: 1 } : answer(interaction)
  })
  return { url: await door.listen({ port: 0, host: '127.0.0.1' }), close: () => door.close() }
}
