import { LANGUAGES } from '../../shared/language.ts'
import type { CampaignRule, ShopConfig } from './define-shop.ts'
import { isText } from './is-text.ts'

type Fault = (where: string, sentence: string) => void

/** So long an id still fits behind "campaign-" into an order's source. */
const ID = /^[a-z][a-z0-9-]{0,19}$/
const LONGEST = { title: 60, text: 1_000 } as const
const MOST_DAYS = 3_650
const MOST_MONTHS = 120
const AUDIENCES: Record<string, { unit: 'afterDays' | 'forMonths'; most: number }> = {
  trial: { unit: 'afterDays', most: MOST_DAYS },
  free: { unit: 'afterDays', most: MOST_DAYS },
  monthly: { unit: 'forMonths', most: MOST_MONTHS },
  lapsed: { unit: 'afterDays', most: MOST_DAYS },
}

/** What is wrong with the campaigns, in sentences. The file may be plain JavaScript. */
export function checkCampaigns({ campaigns, roles = [] }: ShopConfig, fault: Fault): void {
  if (campaigns === undefined) return
  if (!campaigns || typeof campaigns !== 'object' || !Array.isArray(campaigns.rules)) {
    fault(
      'campaigns',
      'must be { rules: [{ id: "upgrade", to: { trial: { afterDays: 7 } }, … }] }.',
    )
    return
  }
  const { quietHours, keepForReceipts, rules } = campaigns
  if (quietHours !== undefined && !isQuiet(quietHours))
    fault(
      'campaigns.quietHours',
      'must be two different full hours from 0 to 23: { from: 21, to: 9 }.',
    )
  if (keepForReceipts !== undefined && !isWhole(keepForReceipts, 0, Number.MAX_SAFE_INTEGER))
    fault('campaigns.keepForReceipts', 'must be a whole number of messages, 0 or more.')
  const seen = new Set<string>()
  for (const rule of rules) {
    const id = String(rule?.id)
    if (!ID.test(id))
      fault(
        'campaigns',
        `: "${id}" is no id; use one lower-case word of up to 20 letters, like upgrade.`,
      )
    else if (seen.has(id)) fault('campaigns', `: "${id}" stands there twice.`)
    seen.add(id)
    if (!rule || typeof rule !== 'object') continue
    checkRule(rule, Array.isArray(roles) && roles.length > 0, (where, sentence) =>
      fault(`campaigns.${id}${where}`, sentence),
    )
  }
}

function checkRule(rule: CampaignRule, hasRoles: boolean, fault: Fault): void {
  const kind = checkAudience(rule, fault)
  if (kind !== null && kind !== 'free' && !hasRoles)
    fault('.to', 'is about members: say under "roles" who is one.')
  const offers = [rule.offer ?? 'nothing'].flat()
  for (const id of offers.length > 0 ? offers : ['nothing'])
    if (!/^plink_\w+$/.test(String(id)))
      fault('.offer', `: "${id}" is no Payment Link id (plink_…).`)
  for (const field of ['title', 'text'] as const) checkWords(rule, field, kind, fault)
  if (rule.by !== undefined && !['line', 'mail'].includes(rule.by))
    fault('.by', 'must be line or mail; without it, LINE comes first.')
}

function checkAudience({ to }: CampaignRule, fault: Fault): string | null {
  const kinds = Object.keys(to ?? {})
  const [kind = ''] = kinds
  const audience = Object.hasOwn(AUDIENCES, kind) ? AUDIENCES[kind] : undefined
  if (!audience || kinds.length !== 1) {
    fault(
      '.to',
      'must be one of { trial: { afterDays } }, { free: { afterDays } }, { monthly: { forMonths } } and { lapsed: { afterDays } }.',
    )
    return null
  }
  const { unit, most } = audience
  const given = (to as Record<string, Record<string, unknown> | null>)[kind]?.[unit]
  if (!isWhole(given, 1, most))
    fault('.to', `: ${kind}.${unit} must be a whole number from 1 to ${most}.`)
  return kind
}

function checkWords(
  rule: CampaignRule,
  field: keyof typeof LONGEST,
  kind: string | null,
  fault: Fault,
): void {
  const given = rule[field]
  if (!isText(given)) {
    fault(`.${field}`, 'is missing.')
    return
  }
  const texts =
    typeof given === 'string' ? [given] : LANGUAGES.flatMap((language) => given[language] ?? [])
  for (const text of texts.map(String)) {
    if ([...text].length > LONGEST[field])
      fault(`.${field}`, `is longer than ${LONGEST[field]} characters.`)
    for (const [placeholder] of text.matchAll(/\{[^{}]*\}/g))
      if (!['{name}', '{role}', '{saves}'].includes(placeholder))
        fault(`.${field}`, `: nobody fills in ${placeholder}, only {name}, {role} and {saves}.`)
      else if (placeholder === '{saves}' && kind !== 'monthly')
        fault(`.${field}`, ': {saves} is known of "monthly" alone.')
  }
}

function isQuiet(hours: unknown): boolean {
  const { from, to } = (hours ?? {}) as { from?: unknown; to?: unknown }
  return isWhole(from, 0, 23) && isWhole(to, 0, 23) && from !== to
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
}
