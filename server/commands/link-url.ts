import { isSource } from '../../shared/reference.ts'
import { readUtm, UTM_NAMES, type Utm } from '../../shared/utm.ts'
import { systemClock } from '../furnish.ts'
import { type Listed, readCatalogue } from '../shop/catalogue.ts'
import { offerAtStripe, offerInLine } from '../shop/offer-link.ts'
import { type Command, couldNot, done, notUnderstood, type Options } from './command.ts'
import { drawQrCode, writePng, writeSvg } from './qr-code.ts'

export const LINK_OPTIONS = [
  ...(['offer', 'source', 'png', 'svg', 'direct'] as const),
  ...UTM_NAMES.map((name) => `utm-${name}` as const),
] as const

/**
 * The link to one offer for a poster, a bio or a newsletter, and its QR code. What is wrong is said and not
 * mended: a source that changed by itself would be looked for in vain in the reports.
 */
export const linkUrl: Command = async ({ catalogue }, _words, options, config) => {
  const marks = marksOf(options)
  if (typeof marks === 'string') return notUnderstood(marks)
  const list = await readCatalogue(catalogue, () => {}).catch(() => null)
  if (!list) return couldNot('Stripe does not answer, so nobody knows what is on the shelf.')
  const listed = list.find(({ offer }) => offer.id === options.offer)
  if (!listed) return couldNot(notOnShelf(options.offer, list))
  if (!listed.offer.active) return couldNot(`${options.offer} is switched off at Stripe.`)
  const secret = config.referenceSecrets[0] ?? ''
  const url = options.direct
    ? offerAtStripe(listed.url, marks, { secret, now: systemClock.now() })
    : offerInLine(config.liff.id, listed.offer.id, marks)
  try {
    return done([url, ...(await qrCodes(url, options))].join('\n'))
  } catch (error) {
    return couldNot(`The QR code could not be written: ${(error as Error).message}`)
  }
}

function marksOf(options: Options): { source: string; utm: Utm | null } | string {
  const { offer, source, png, svg } = options
  if (!offer) return 'Which offer? --offer plink_…'
  if (!source) return 'Where will it stand? --source instagram, poster-tokyo, newsletter …'
  if (!isSource(source))
    return `--source must be 1 to 32 of a-z, 0-9 and hyphens, which "${source}" is not.`
  const asked = UTM_NAMES.flatMap((name) => {
    const value = options[`utm-${name}`]
    return value === undefined ? [] : [[name, value] as const]
  })
  const utm = readUtm(Object.fromEntries(asked))
  const bad = asked.find(([name]) => utm?.[name] === undefined)
  if (bad)
    return `--utm-${bad[0]} must be 1 to 150 of A-Z, a-z, 0-9, _ and -, which is what Stripe carries on.`
  if (png !== undefined && !png.endsWith('.png'))
    return '--png must name a file that ends with .png.'
  if (svg !== undefined && !svg.endsWith('.svg'))
    return '--svg must name a file that ends with .svg.'
  return { source, utm }
}

function notOnShelf(wanted: string | undefined, list: readonly Listed[]): string {
  const there = list.map(({ offer }) => `\n  ${offer.id}  ${offer.name}`)
  return `${wanted} is not on this shop's shelf. There: ${there.join('') || 'nothing yet.'}`
}

async function qrCodes(url: string, { png, svg }: Options): Promise<string[]> {
  if (!png && !svg) return ['', await drawQrCode(url)]
  const said: string[] = []
  if (png) {
    const pixels = await writePng(url, png)
    said.push(`${png}: QR code, ${pixels} × ${pixels} pixels`)
  }
  if (svg) {
    await writeSvg(url, svg)
    said.push(`${svg}: QR code`)
  }
  return said
}
