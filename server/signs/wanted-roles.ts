import { cleanText } from '../../shared/clean-text.ts'
import { roleReasonsIn } from '../../shared/i18n/role-reasons.ts'
import { localized } from '../../shared/language.ts'
import { inShopsWords } from '../notifications/tell-staff.ts'
import type { Role, ShopConfig } from '../shop/define-shop.ts'

/** Discord takes 512 characters of a reason (https://docs.discord.com/developers/resources/audit-log). */
const MOST_TITLE = 100

/** The roles of a chat server by which a role of the shop's is shown there. */
export function rolesWanted(shop: ShopConfig, role: string): string[] {
  const named = shop.roles?.find(({ id }) => id === role)
  return [...new Set([named?.discordRoles ?? []].flat())].toSorted()
}

/** What `signs.applied` says once an account has these and nothing else of ours on this server. */
export function keyOfRoles(guild: string, wanted: readonly string[]): string {
  return [guild, ...wanted].join(' ')
}

/** What the shop calls whom this role of the server belongs to; null: the shop file names it no more. */
export function titleOf(shop: ShopConfig, serverRole: string): string | null {
  const role = shop.roles?.find((each) => [each.discordRoles ?? []].flat().includes(serverRole))
  return role ? titleIn(shop, role) : null
}

/** For the server's own log: why somebody has this role from now on. In the shop's language. */
export function whyGiven(shop: ShopConfig, role: string): string {
  const { language } = inShopsWords(shop)
  return roleReasonsIn(language).became(titleOfRole(shop, role))
}

/** … and why they have it no longer. `role`: what they are now; null: nothing that we know of. */
export function whyTaken(shop: ShopConfig, serverRole: string, role: string | null): string {
  const words = roleReasonsIn(inShopsWords(shop).language)
  const was = titleOf(shop, serverRole)
  if (was === null) return words.struckOut
  if (role === null || rolesWanted(shop, role).length === 0) return words.ended(was)
  return words.became(titleOfRole(shop, role))
}

function titleOfRole(shop: ShopConfig, role: string): string {
  const named = shop.roles?.find(({ id }) => id === role)
  return named ? titleIn(shop, named) : role
}

function titleIn(shop: ShopConfig, { title }: Role): string {
  return cleanText(localized(title, inShopsWords(shop).language), '-', MOST_TITLE)
}
