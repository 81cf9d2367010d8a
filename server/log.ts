import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * One line of JSON an event, to standard output unless told otherwise. Errors are cut down to what an operator needs: a
 * vendor's error object carries headers and bodies, and with them names, mails and userIds.
 */
export function openLog(level: string = 'info', to?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: plainError, reason: plainReason } }
  return to ? pino(options, to) : pino(options)
}

function plainReason(reason: unknown): string {
  return withoutPeople(String(reason))
}

function plainError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, stack } = error
  const code = (error as { code?: unknown }).code
  return {
    name,
    message: withoutPeople(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: withoutPeople(stack?.split('\n').slice(1, 6).join('\n') ?? ''),
  }
}

/** LINE user ids (alone or inside a reference) and e-mail addresses can stand in vendors' sentences. */
function withoutPeople(text: string): string {
  return text.replace(/U[0-9a-f]{32}/g, 'U…').replace(/[^\s@"'<>]+@[^\s@"'<>]+/g, '…@…')
}
