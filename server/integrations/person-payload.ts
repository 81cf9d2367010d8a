import type { WebhookLink, WebhookPerson } from '../../shared/webhooks.ts'
import { accountsOf, isChat } from '../people/people.store.ts'
import type { Tx } from '../ports.ts'
import { type Emitter, emit } from './emit.ts'

/** A person as other systems know them: by every channel, with the role that stands in the books now. */
export async function personPayload(tx: Tx, personId: string): Promise<WebhookPerson> {
  const accounts = await accountsOf(tx, personId)
  const line = accounts.find(({ channel }) => channel === 'line')
  const discord = accounts.find(({ channel }) => channel === 'discord')
  const mail = accounts.find(({ channel }) => channel === 'mail')
  const membership = await tx
    .selectFrom('memberships')
    .select('role')
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return {
    id: personId,
    lineUserId: line?.address ?? null,
    discordUserId: discord?.address ?? null,
    name: line?.name ?? discord?.name ?? mail?.name ?? null,
    email: line?.email ?? mail?.address ?? null,
    language: line?.language ?? discord?.language ?? mail?.language ?? null,
    role: membership?.role ?? 'guest',
  }
}

/**
 * `person.linked`: from now on a Stripe customer is this person, or an order is theirs, or two turned out
 * to be one. Within the transaction that writes it. `subject`: what makes it this link and no other.
 */
export function emitPersonLinked(
  emitter: Emitter,
  tx: Tx,
  link: { personId: string; subject: string; how: string; order: string | null; was?: string },
): Promise<void> {
  const { personId, subject, how, order, was = null } = link
  return emit(emitter, tx, {
    type: 'person.linked',
    subject,
    object: `person:${personId}`,
    personId,
    data: () => linkPayload(tx, { personId, how, order, was }),
  })
}

async function linkPayload(
  tx: Tx,
  { personId, ...told }: { personId: string } & Pick<WebhookLink, 'how' | 'order' | 'was'>,
): Promise<WebhookLink> {
  const accounts = await accountsOf(tx, personId)
  const account =
    accounts.find(({ channel }) => channel === 'line') ?? accounts.find(isChat) ?? accounts[0]
  const customers = await tx
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', personId)
    .orderBy('linked_at')
    .orderBy('id')
    .execute()
  return {
    person: await personPayload(tx, personId),
    account: account ? { channel: account.channel, address: account.address } : null,
    customers: customers.map(({ id }) => id),
    ...told,
  }
}
