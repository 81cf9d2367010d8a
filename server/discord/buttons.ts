import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIComponentInMessageActionRow,
} from 'discord-api-types/v10'
import { isOwnPage } from '../../shared/own-pages.ts'
import { linkable } from '../letters/linkable.ts'

/** Discord's numbers (https://docs.discord.com/developers/components/reference#button). */
const ROW = 1
const BUTTON = 2
const PRIMARY = 1
const SECONDARY = 2
const LINK = 5
const MOST_IN_ROW = 5
const LONGEST_URL = 512
/** Of 100 characters in all; whoever sends may put a mark of its own behind ours. */
const LONGEST_ID = 80

/** What a button of ours asks when it is pressed: the `custom_id`, which read-interaction.ts reads again. */
export const ASKS = {
  page: 'o:',
  link: 'l',
  yes: 'j:',
  no: 'n',
  unlink: 'u',
  unlinkSurely: 'u!',
} as const

/** Leads somewhere, or asks us something (`ASKS`). Without either it is left out. */
export type Button = { label: string; address?: string | null; asks?: string }

type Row = APIActionRowComponent<APIComponentInMessageActionRow>

/**
 * One row of buttons, or none: Discord refuses an empty row, and two buttons that ask the same. The first is
 * the one we would press. A page of ours inside LINE becomes a question, since nobody has LINE's pages here.
 */
export function buttonRows(buttons: readonly Button[]): Row[] {
  const made = buttons.map(pressable).filter((button) => button !== null)
  const once = made.filter((one, at) => !made.slice(0, at).some((other) => isSame(one, other)))
  const components = once.slice(0, MOST_IN_ROW).map(buttonOf)
  return components.length > 0 ? [{ type: ROW, components }] : []
}

type Pressable = { label: string } & ({ url: string } | { asks: string })

function pressable({ label, address, asks }: Button): Pressable | null {
  if (asks !== undefined) return { label, asks }
  const page = pageInLine(address ?? null)
  if (page !== null) return { label, asks: `${ASKS.page}${page}` }
  const url = linkable(address ?? null)
  return url && url.length <= LONGEST_URL ? { label, url } : null
}

/** The page that such an address opens in LINE, without the mark of where it was tapped; null: it is none of ours. */
export function pageInLine(address: string | null): string | null {
  const [, rest] = /^https:\/\/liff\.line\.me\/[\w-]+(\/[^#]*)?$/.exec(address ?? '') ?? []
  if (!address || (rest === undefined && !/^https:\/\/liff\.line\.me\/[\w-]+$/.test(address)))
    return null
  const { pathname, searchParams } = new URL(rest ?? '/', 'https://shop.invalid')
  searchParams.delete('source')
  const page = searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname
  return isOwnPage(page) && page.length + ASKS.page.length <= LONGEST_ID ? page : null
}

const isSame = (one: Pressable, other: Pressable) =>
  'asks' in one && 'asks' in other && one.asks === other.asks

function buttonOf(button: Pressable, at: number): APIButtonComponent {
  const { label } = button
  if ('url' in button) return { type: BUTTON, style: LINK, label, url: button.url }
  return { type: BUTTON, style: at === 0 ? PRIMARY : SECONDARY, label, custom_id: button.asks }
}
