import type { ServerResponse } from 'node:http'
import type { Happening } from '../types.ts'
import type { DemoState, NumberedHappening } from './state.ts'

/** A page that is opened late still sees this much of what went before. */
const REMEMBERED = 200
/** Rows change a moment after the request that changed them, and retries happen with no request to us. */
const LOOK_AGAIN_MS = [60, 300] as const
const LOOK_ANYWAY_MS = 1_000

export type DemoStream = {
  tell(happening: Happening): void
  /** Looks now; for when a button was pressed. */
  refresh(): Promise<void>
  /** Writes to this response until its browser goes away; `after` is the last id that it has seen. */
  serve(response: ServerResponse, after: number): void
  close(): void
}

/**
 * One stream of server-sent events for all open pages: every happening at once, and the state whenever
 * it changed. Nothing is read while nobody watches.
 */
export function createStream(read: () => Promise<DemoState>): DemoStream {
  const remembered: NumberedHappening[] = []
  const pages = new Set<ServerResponse>()
  const timers = new Set<NodeJS.Timeout>()
  // Ids keep growing over a restart, or a page that reconnects would be told that it has seen everything.
  let nextId = Date.now()
  let lastState = ''

  async function refresh(): Promise<void> {
    if (pages.size === 0) return
    const state = JSON.stringify(await read())
    if (state === lastState) return
    lastState = state
    for (const page of pages) page.write(`event: state\ndata: ${state}\n\n`)
  }

  /** A store that is closing or busy must not end the demo: the next look will tell. */
  const look = () => void refresh().catch(() => {})

  function lookIn(milliseconds: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      look()
    }, milliseconds)
    timers.add(timer)
  }

  const steady = setInterval(look, LOOK_ANYWAY_MS)
  steady.unref()

  return {
    tell(happening) {
      const numbered = { ...happening, id: nextId++ }
      remembered.push(numbered)
      if (remembered.length > REMEMBERED) remembered.shift()
      for (const page of pages) page.write(asEvent(numbered))
      if (pages.size > 0 && timers.size === 0) for (const wait of LOOK_AGAIN_MS) lookIn(wait)
    },
    refresh,
    serve(response, after) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 1000\n\n')
      for (const happening of remembered)
        if (happening.id > after) response.write(asEvent(happening))
      pages.add(response)
      response.on('close', () => pages.delete(response))
      lastState = ''
      look()
    },
    close() {
      clearInterval(steady)
      for (const timer of timers) clearTimeout(timer)
      for (const page of pages) page.end()
    },
  }
}

function asEvent(happening: NumberedHappening): string {
  return `id: ${happening.id}\nevent: happening\ndata: ${JSON.stringify(happening)}\n\n`
}
