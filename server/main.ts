import { ConfigFaults } from './config.ts'
import { type Running, startNoren } from './start.ts'

/** The front step: open, say why not if not, and close gracefully when asked to. */
try {
  const running = await startNoren()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(running))
} catch (error) {
  // A sentence for the shopkeeper; the stack only for what nobody foresaw.
  const foreseen = error instanceof ConfigFaults || (error instanceof Error && !('code' in error))
  console.error(foreseen ? (error as Error).message : error)
  process.exit(1)
}

async function stop(running: Running): Promise<void> {
  await running.close()
  process.exit(0)
}
