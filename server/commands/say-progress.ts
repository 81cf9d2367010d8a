/** A line each so often is enough for a log file; somebody at a terminal wants to see it move. */
const LINE_MS = 5_000
const TERMINAL_MS = 250
const BAR = 40

type Out = { isTTY?: boolean; write(text: string): unknown }

/**
 * Tells how far something came: at a terminal one line that changes, elsewhere a line every 5 s, so that
 * what takes less than that says nothing there. Call what it returns at the end: it clears the line.
 */
export function sayProgress(tell: () => string, out: Out = process.stderr): () => void {
  let said = false
  const timer = setInterval(
    () => {
      said = true
      out.write(out.isTTY ? `\r\x1b[K${tell()}` : `${tell()}\n`)
    },
    out.isTTY ? TERMINAL_MS : LINE_MS,
  )
  return () => {
    clearInterval(timer)
    if (said && out.isTTY) out.write('\r\x1b[K')
  }
}

/** How far, for whoever waits: 40 characters wide, and the numbers. More than `all` is all of it. */
export function bar(done: number, all: number, what: string): string {
  const part = all === 0 ? 1 : Math.min(1, done / all)
  const full = Math.round(part * BAR)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${done} of ${all} ${what}`
}
