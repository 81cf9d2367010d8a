/** A line each so often is enough for a log file and for whoever waits. */
const EVERY_MS = 5_000

type Out = { isTTY?: boolean; write(text: string): unknown }

/**
 * Tells how far something came while it takes long: at a terminal one line that changes, elsewhere a
 * line every 5 s. Call what it returns at the end; what takes less than 5 s says nothing.
 */
export function sayProgress(tell: () => string, out: Out = process.stderr): () => void {
  let said = false
  const timer = setInterval(() => {
    said = true
    out.write(out.isTTY ? `\r\x1b[K${tell()}` : `${tell()}\n`)
  }, EVERY_MS)
  return () => {
    clearInterval(timer)
    if (said && out.isTTY) out.write('\r\x1b[K')
  }
}
