const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/
/** LINE's limit for an action's URI (https://developers.line.biz/en/reference/messaging-api/#uri-action). */
const LONGEST_URI = 1000

/**
 * The address as LINE takes it (percent-encoded, at most 1000 characters), or null. https alone, but for a
 * shop that is tried out on the machine it runs on.
 */
export function linkable(address: string | null): string | null {
  if (!address || !URL.canParse(address)) return null
  const { protocol, hostname, href } = new URL(address)
  const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  return safe && href.length <= LONGEST_URI ? href : null
}
