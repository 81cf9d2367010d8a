import { isUserId } from '../../shared/reference.ts'
import type { Config } from '../config.ts'
import { type Furnished, systemClock } from '../furnish.ts'
import { mergesOf } from '../integrations/tell-merge.ts'
import { findPayers } from '../people/find-payers.ts'
import { inviteByHand, linkByHand } from '../people/link-by-hand.ts'
import { undoMerge } from '../people/undo-merge.ts'
import { masked } from '../people/what-is-connected.ts'
import { type Command, couldNot, done, notUnderstood, type Outcome } from './command.ts'
import { personNamed, USER_FORM } from './grant.ts'
import { showNow } from './show-now.ts'
import { listed } from './table.ts'

const CUSTOMER = /^cus_\w+$/
const NO_CUSTOMER = notUnderstood('A Stripe customer is cus_ and letters or digits.')
const unknown = (id: string) =>
  couldNot(`Stripe knows no customer ${id} (any more, or in this mode).`)

/** Which customer is whose, by hand: finds candidates, makes two persons one, or sends a fresh mail. */
export const link: Command = async (furnished, words, options, config) => {
  if (options.find !== undefined) return find(furnished, options.find, options)
  if (options.invite !== undefined) return invite(furnished, options.invite, config)
  const [customer = '', userId = ''] = words
  if (!CUSTOMER.test(customer)) return NO_CUSTOMER
  const { store, stripe } = furnished
  const person = await personNamed(store.db, userId)
  if (typeof person !== 'string') return person
  const payer = await stripe.fetchPayer(customer)
  if (!payer) return unknown(customer)
  const taken = await linkByHand(mergesOf({ store, clock: systemClock }), payer, person)
  if (taken.state === 'same') return done(`${customer} is ${userId}’s already.`)
  if (taken.state !== 'merged')
    return couldNot(
      `${customer} belongs to another user. "link --find" says whose, and which merge to "unlink" first.`,
    )
  await showNow(furnished)
  return done(
    `${customer} is ${userId}’s now, with all that came with it. To take it back: npm run noren -- unlink ${taken.merge}`,
  )
}

async function find(
  { store, stripe }: Furnished,
  wanted: string,
  options: Parameters<Command>[2],
): Promise<Outcome> {
  const isUser = isUserId(wanted)
  if (!isUser && !/^[^\s@]+@[^\s@]+$/.test(wanted))
    return notUnderstood(`--find takes a mail address or a user: ${USER_FORM}.`)
  const by = isUser ? { user: wanted } : { email: wanted }
  const rows = await findPayers({ db: store.db, stripe }, by)
  return listed(rows, options, 'No customer of theirs is known, here or at Stripe.')
}

async function invite(furnished: Furnished, customer: string, config: Config): Promise<Outcome> {
  if (!CUSTOMER.test(customer)) return NO_CUSTOMER
  if (!config.mail) return couldNot('There is no mail server: set SMTP_URL and MAIL_FROM in .env.')
  const { store, stripe } = furnished
  const payer = await stripe.fetchPayer(customer)
  if (!payer) return unknown(customer)
  const sent = await inviteByHand({ store, clock: systemClock }, payer)
  if (typeof sent === 'string') return couldNot(`${customer} ${WHY_NOT[sent]}`)
  await showNow(furnished)
  return done(`A mail with a fresh link goes to ${masked(sent.address)}.`)
}

const WHY_NOT = {
  in_line: 'is a LINE user’s already: there is nobody to invite.',
  no_mail: 'has no e-mail address at Stripe. Write one there, and try again.',
  forgotten: 'asked to be forgotten here. "link cus_… U…" makes them known again.',
}

/** Takes two persons apart again whom a merge had made one. */
export const unlink: Command = async (furnished, [id = '']) => {
  const { store } = furnished
  const undone = await undoMerge(mergesOf({ store, clock: systemClock }), id)
  if (undone === null)
    return couldNot(`There is no merge "${id}". "link --find" with a mail or a user names them.`)
  if (undone === false) return done(`${id} was undone before.`)
  await showNow(furnished)
  return done(
    `${id} is undone: what had come is whose it was, and what both are has been looked at anew.`,
  )
}
