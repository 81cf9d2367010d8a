import { isUtf8 } from 'node:buffer'
import type { House } from '../support/house.ts'
import type { Knock } from './knock.ts'
import { isObject } from './wild.ts'

/** What the contract calls an id: visible ASCII, as all of the vendors' are. */
const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value)

/** The ids that a rightly signed letter puts into the books; null where it is no letter at all. */
export function idsIn({ body, letter }: Knock): string[] | null {
  if (letter?.kept !== undefined) return letter.kept
  const text = body ?? Buffer.alloc(0)
  try {
    const json: unknown = JSON.parse(text.toString('utf8'))
    if (!isObject(json)) return null
    return letter?.from === 'line' ? idsOfLine(json) : idsOfStripe(json)
  } catch {
    return null
  }
}

function idsOfStripe(json: Record<string, unknown>): string[] | null {
  const { id, type, object, data, related_object: related, snapshot_event: twin } = json
  if (!isId(id) || !isId(type)) return null
  if (object === 'v2.core.event')
    return [isObject(related) && isId(related['id']) && isId(twin) ? twin : id]
  return object === 'event' && isObject(data) && !Array.isArray(data) ? [id] : null
}

function idsOfLine({ events }: Record<string, unknown>): string[] | null {
  if (!Array.isArray(events)) return null
  return events
    .filter(isObject)
    .filter(({ webhookEventId, type }) => isId(webhookEventId) && isId(type))
    .map(({ webhookEventId }) => String(webhookEventId))
}

/** How a webhook must be answered, and what it leaves in the books. */
export function mustAnswer(knock: Knock): { status: number; ids: string[] } {
  const { letter, body } = knock
  const isStripe = letter?.from === 'stripe'
  if (!letter?.readable) return { status: 415, ids: [] }
  // Stripe's own check reads the bytes as text first: what is no UTF-8, or has a BOM, it cannot have signed.
  const bom = body?.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))
  const unreadable = isStripe && (!body?.length || bom || !isUtf8(body))
  if (!letter.signed || unreadable) return { status: isStripe ? 400 : 401, ids: [] }
  const ids = idsIn(knock)
  return ids ? { status: 200, ids } : { status: 400, ids: [] }
}

/** Every event that was signed, and no other; said as sentences where that is not so. */
export async function compareBooks(
  house: House,
  before: ReadonlySet<string>,
  promised: ReadonlySet<string>,
): Promise<string[]> {
  const rows = await house.store.db.selectFrom('events').select('id').execute()
  const held = new Set(rows.map(({ id }) => id))
  const lost = [...promised].filter((id) => !held.has(id))
  const invented = [...held].filter((id) => !promised.has(id) && !before.has(id))
  return [
    ...lost.slice(0, 5).map((id) => `lost: ${JSON.stringify(id)} was answered 200`),
    ...invented.slice(0, 5).map((id) => `invented: nobody signed ${JSON.stringify(id)}`),
  ]
}
