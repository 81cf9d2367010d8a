import type { Tx } from '../ports.ts'
import { strikeAccount } from './strike-account.ts'
import { takenUpIn } from './taken-up.ts'

/**
 * That somebody was two before, or more. Returns the persons who were taken up in this one and hold nothing
 * since: they go too. One who was taken apart again is somebody else, and stays.
 */
export async function forgetMerges(tx: Tx, personId: string): Promise<string[]> {
  const taken = await takenUpIn(tx, personId)
  const all = [...taken, personId]
  await tx
    .deleteFrom('merges')
    .where((eb) => eb.or([eb('into_person', 'in', all), eb('from_person', 'in', all)]))
    .execute()
  return taken
}

/** That an account was once with others, from whom it has parted or moved out since. */
export async function forgetPartings(tx: Tx, accountIds: readonly string[]): Promise<void> {
  for (const id of accountIds) {
    const merges = await tx
      .selectFrom('merges')
      .select(['id', 'moved'])
      .where('moved', 'like', `%${id}%`)
      .execute()
    await strikeAccount(tx, merges, id, null)
  }
}
