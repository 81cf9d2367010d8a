import { parentPort, workerData } from 'node:worker_threads'
import type { Written } from './open-writer.ts'
import { openPen } from './sqlite-pen.ts'
import type { NewEvent } from './tables.ts'

/** The pen's own thread: the web's loop goes on answering while this one waits for the disk. */
const pen = openPen((workerData as { file: string }).file)

parentPort?.on('message', (events: readonly NewEvent[] | 'close') => {
  if (events !== 'close') return parentPort?.postMessage(answerOf(events))
  pen.close()
  process.exit(0)
})

function answerOf(events: readonly NewEvent[]): Written {
  try {
    return { anyNew: pen.write(events) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) }
  }
}
