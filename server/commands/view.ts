import { portalSpecs } from '../portal/portal-views.ts'
import { type Command, couldNot, done } from './command.ts'
import { personNamed } from './grant.ts'

const USUAL = 'usual'

/** Lets one person see a portal view of the shop's choice (only the receipts, say), or their role's again. */
export const view: Command = async ({ store, members }, [userId = '', name = '']) => {
  const person = await personNamed(store.db, userId)
  if (typeof person !== 'string') return person
  const { shop, clock } = members.post
  const names = portalSpecs(shop, { plans: null, returnUrl: '' }).map((each) => each.view)
  if (name !== USUAL && !names.includes(name))
    return couldNot(
      `There is no portal view "${name}". There are: ${names.join(', ')}; "${USUAL}" goes back to the role's own.`,
    )
  const portal_view = name === USUAL ? null : name
  const since = clock.now().toISOString()
  await store.single((db) =>
    db
      .insertInto('memberships')
      .values({ person_id: person, role: 'guest', since, portal_view })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ portal_view }))
      .execute(),
  )
  return done(
    portal_view
      ? `${userId} sees the portal as "${name}" from now on.`
      : `${userId} sees the portal as their role has it again.`,
  )
}
