import { LEGAL_ITEMS_REQUIRED } from '../../shared/api.ts'
import { LANGUAGES } from '../../shared/language.ts'
import { isLineUserId } from '../../shared/reference.ts'
import { checkCampaigns } from './check-campaigns.ts'
import { checkRoles } from './check-roles.ts'
import { checkTables } from './check-tables.ts'
import { checkCustomerMail, checkStaff } from './check-tidings.ts'
import type { OfferDisplay, ShopConfig } from './define-shop.ts'
import { isText } from './is-text.ts'

/** Faults of the shop config in sentences; none is an empty list. A live shop may not open on the sample notice. */
export function checkShop(shop: ShopConfig, livemode: boolean): string[] {
  const faults: string[] = []
  const fault = (where: string, sentence: string) => faults.push(`shop.config ${where} ${sentence}`)
  if (!isText(shop.name)) fault('name', 'is missing: the name on the curtain.')
  if (!isText(shop.taxNote)) fault('taxNote', 'is missing: for example 税込.')
  if (!/^#[0-9a-f]{6}$/i.test(shop.brand ?? '')) fault('brand', 'must be a colour like #1f4e5f.')
  if (shop.friendUrl !== undefined && !isHttps(shop.friendUrl))
    fault('friendUrl', 'must begin with https://, like https://line.me/R/ti/p/@your-id.')
  if (shop.logo !== undefined && !isHttps(shop.logo)) fault('logo', 'must begin with https://.')
  if (shop.language !== undefined && !LANGUAGES.includes(shop.language))
    fault('language', `must be one of: ${LANGUAGES.join(', ')}.`)
  if (shop.lateAfter !== undefined && !(shop.lateAfter > 0))
    fault('lateAfter', 'must be a number of hours above 0.')
  checkStaff(shop.staff, fault)
  checkCustomerMail(shop.mail, fault)
  for (const person of listOf(shop.staff?.people))
    if (typeof person !== 'string' || !isLineUserId(person))
      fault('staff.people', `: "${person}" is no LINE userId (U and 32 digits of 0-9a-f).`)
  if (!['buyers', 'everybody', 'nobody'].includes(shop.payers ?? 'buyers'))
    fault('payers', 'must be buyers, everybody or nobody.')
  for (const item of LEGAL_ITEMS_REQUIRED)
    if (!isText(shop.legal?.[item]))
      fault(`legal.${item}`, 'is missing: the law (特定商取引法) wants it.')
  for (const link of linksOf(shop.offers ?? []))
    if (!/^plink_\w+$/.test(link)) fault('offers', `: "${link}" is no Payment Link id (plink_…).`)
  if (!Array.isArray(shop.offers ?? [])) fault('offers', 'must be a list: [{ link: "plink_…" }].')
  if (shop.discord?.invite !== undefined && !isInvite(shop.discord.invite))
    fault('discord.invite', 'must be an invitation, like https://discord.gg/AbCdEfGh.')
  checkRoles(shop, fault)
  checkTables(shop, livemode, fault)
  checkCampaigns(shop, fault)
  if (livemode && isSample(shop))
    fault(
      'legal',
      'is still the sample notice. Before you sell for real, write your own and delete "sample: true".',
    )
  return faults
}

/** One that forgot the brackets is looked at as a list of one. */
function listOf(value: unknown): unknown[] {
  return Array.isArray(value) || value === undefined ? (value ?? []) : [value]
}

/** The file may be plain JavaScript, so nothing of it is sure to have the shape that its type promises. */
function linksOf(offers: OfferDisplay[]): string[] {
  if (!Array.isArray(offers)) return []
  return offers.flatMap((offer: OfferDisplay | null) => offer?.link ?? String(offer?.link))
}

/** The flag can be deleted without reading on, so the sample's own word is looked for as well. */
function isSample(shop: ShopConfig): boolean {
  return shop.legal?.sample === true || /見本|SAMPLE/.test(JSON.stringify(shop.legal ?? {}))
}

/** https://support.discord.com/hc/en-us/articles/208866998-Invites-101 */
function isInvite(text: unknown): boolean {
  return (
    typeof text === 'string' && /^https:\/\/(discord\.gg|discord\.com\/invite)\/[\w-]+$/.test(text)
  )
}

function isHttps(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:'
}
