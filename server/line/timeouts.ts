import { Agent, setGlobalDispatcher } from 'undici'

/**
 * bot-sdk has no time-out of its own: it calls the global fetch, which waits 300 s for a silent
 * server. This bounds every fetch of the process; stripe-node does not use fetch and keeps its own.
 */
export function boundFetch(): void {
  setGlobalDispatcher(
    new Agent({ connect: { timeout: 3_000 }, headersTimeout: 10_000, bodyTimeout: 10_000 }),
  )
}
