import { lookup as lookUp } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { PRIVATE_ADDRESS } from '../retry-policy.ts'

/**
 * Whoever may name an address that a server posts to can otherwise reach what only that server reaches:
 * its own ports, its neighbours, the cloud's key dispenser (169.254.169.254).
 */

/** Is this a place on the public internet? Everything with a meaning of its own is none: loopback, 10/8, NAT64 … */
export function isPublic(address: string): boolean {
  if (!isIP(address)) return false
  const ip = ipaddr.parse(address)
  if (ip.range() !== 'unicast') return false
  // Of IPv6 only this part is handed out; what else there is leads nowhere, or to an IPv4 inside it.
  return ip instanceof ipaddr.IPv4 || ip.match(ipaddr.IPv6.parseCIDR('2000::/3'))
}

/** Why nothing may be posted there, in a sentence; null: it may be tried. `allowed`: host:port of the shop's own. */
export function addressFault(text: string, allowed: readonly string[]): string | null {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol))
    return 'An address begins with https://, like https://hooks.example.com/noren.'
  if (url.username || url.password)
    return 'An address must hold no user and password; the signature says who sends.'
  if (url.hash) return 'An address must hold no #: nothing behind it would be sent.'
  if (isAllowed(url, allowed)) return null
  const { port, hostname } = url
  if (url.protocol === 'http:')
    return `Only https:// keeps to itself what is sent. For a machine of your own, put ${hostOf(url)} into OUTBOUND_HOSTS.`
  // Below 1024 stand mail servers and the like, which read what they are sent as commands of their own.
  if (port !== '' && Number(port) < 1_024)
    return `Port ${port} is not one for webhooks: 443, or one from 1024 on.`
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) && !isPublic(literal))
    return `${hostname} is no public address. For a machine of your own, put ${hostOf(url)} into OUTBOUND_HOSTS.`
  return null
}

export function isAllowed(url: URL, allowed: readonly string[]): boolean {
  return allowed.includes(hostOf(url))
}

const hostOf = ({ hostname, port, protocol }: URL) =>
  `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`

type Found = { address: string; family: number }[]
export type Resolve = (
  hostname: string,
  options: { all: true; family?: number | 'IPv4' | 'IPv6' },
  done: (error: NodeJS.ErrnoException | null, found: Found) => void,
) => void

/**
 * Looks a name up for a connection, and gives out public addresses only. What it gives out is what is
 * connected to, so a name that answers differently the second time (rebinding) gains nothing. One
 * private address among public ones spoils them all: nobody has that by accident.
 */
export function guardLookup(resolve: Resolve = lookUp): LookupFunction {
  return (hostname, options, done) => {
    const family = options.family === undefined ? {} : { family: options.family }
    resolve(hostname, { ...family, all: true }, (error, found) => {
      if (error) return done(error, '')
      if (found.length === 0 || !found.every(({ address }) => isPublic(address)))
        return done(refusal(hostname), '')
      if (options.all) return done(null, found)
      return done(null, found[0]?.address ?? '', found[0]?.family ?? 4)
    })
  }
}

function refusal(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} leads to no public address`), {
    code: PRIVATE_ADDRESS,
  })
}
