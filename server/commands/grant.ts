import { isUserId } from '../../shared/reference.ts'
import { systemClock } from '../furnish.ts'
import { giveRole, takeRole } from '../memberships/give-role.ts'
import { chatAccountId, findAccount } from '../people/people.store.ts'
import type { Db } from '../ports.ts'
import { type Command, couldNot, done, notUnderstood, type Outcome } from './command.ts'
import { showNow } from './show-now.ts'

const MOST_DAYS = 3_650
const NOT_KNOWN = couldNot(
  'Nobody with this user id is known here: they must have opened the shop, followed it in LINE or asked it something on Discord once.',
)
/** How the operator names somebody. */
export const USER_FORM =
  'U and 32 characters of 0-9 and a-f (LINE), or D and the 17 to 20 digits of the id (Discord)'
const NO_USER = notUnderstood(`A user is ${USER_FORM}.`)

/** The person behind a user's id (`U…` or `D…`), or what to say when there is none. */
export async function personNamed(db: Db, userId: string): Promise<string | Outcome> {
  if (!isUserId(userId)) return NO_USER
  const account = await findAccount(db, chatAccountId(userId))
  return account?.person_id ?? NOT_KNOWN
}

/** Gives somebody a role by hand, with `--days` for so long; they see it and hear of it at once. */
export const grant: Command = async (furnished, [userId = '', role = ''], options) => {
  const { store, members } = furnished
  const days = options.days === undefined ? null : Number(options.days)
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS))
    return notUnderstood(`--days must be a whole number from 1 to ${MOST_DAYS}.`)
  const person = await personNamed(store.db, userId)
  if (typeof person !== 'string') return person
  const until = days && new Date(systemClock.now().getTime() + days * 86_400_000)
  const gift = { role, until: until || null, note: options.note ?? null }
  const refused = await giveRole(members, person, gift).then(
    () => null,
    (error: Error) => error.message,
  )
  if (refused) return couldNot(refused)
  await showNow(furnished)
  return done(`${userId} is ${role} now, ${until ? `until ${until.toISOString()}` : 'for good'}.`)
}

/** Takes back what was given by hand. What somebody pays for stays theirs: that ends at Stripe. */
export const revoke: Command = async (furnished, [userId = '', role = '']) => {
  const { store, members } = furnished
  const person = await personNamed(store.db, userId)
  if (typeof person !== 'string') return person
  const taken = await takeRole(members, person, role)
  if (taken === 0) return couldNot(`The shop has not given ${userId} the role "${role}".`)
  await showNow(furnished)
  return done(`What was given is taken back; whatever ${userId} pays for stays.`)
}
