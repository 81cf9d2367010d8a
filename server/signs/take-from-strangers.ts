import { dropGiven, strangersWithRoles } from './given-roles.store.ts'
import { type RoleDesk, showRoles } from './show-roles.ts'

/**
 * Who asked to be forgotten loses what we gave. That we gave it is erased too, whatever the server says:
 * what it refuses then stays there, as messages stay in a chat. Throws when it did not answer.
 */
export async function takeFromStrangers(desk: RoleDesk): Promise<void> {
  const { db } = desk.store
  for (const account of await strangersWithRoles(db)) {
    await showRoles(desk, account, { look: false, surely: true })
    await desk.store.single((each) => dropGiven(each, account))
  }
}
