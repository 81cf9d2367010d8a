import type { FastifyInstance } from 'fastify'
import type { Webhooks } from './deliver-webhooks.ts'
import type { State } from './state.ts'
export function servePages(_app: FastifyInstance, _state: State, _webhooks: Webhooks): void {}
