import type { PersonTrouble, Tx } from '../ports.ts'
import type { PostRoom } from './notify.ts'
import { postNotice } from './tell-staff.ts'

/**
 * Somebody must look at a person, because no machine can decide it: told once for each reason and each
 * `about` (an id of Stripe's or our own, never a name or a mail). `besides`: accounts that hear of it
 * anyway.
 */
export async function tellOfPerson(
  post: PostRoom,
  tx: Tx,
  { why, about, cause }: { why: PersonTrouble; about: string; cause: string | null },
  besides: readonly string[] = [],
): Promise<void> {
  const news = { kind: 'staff_person', why, about } as const
  await postNotice(post, tx, { topic: 'person', subject: `${why}:${about}`, cause, news }, besides)
}
