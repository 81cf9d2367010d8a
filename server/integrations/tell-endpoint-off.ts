import type { PostRoom } from '../notifications/notify.ts'
import { postNotice } from '../notifications/tell-staff.ts'
import type { Tx } from '../ports.ts'
import type { EndpointRow } from '../store/tables.ts'

/** The shop hears once for each time that an endpoint is switched off. Its host alone: the rest may be a secret. */
export async function tellEndpointOff(
  post: PostRoom,
  tx: Tx,
  off: { endpoint: EndpointRow; since: string; reason: string; at: string },
): Promise<void> {
  const { endpoint, since, reason, at } = off
  const { host } = new URL(endpoint.url)
  const news = { kind: 'staff_endpoint_off', endpoint: endpoint.id, host, since, reason } as const
  await postNotice(post, tx, { topic: 'trouble', subject: `endpoint:${endpoint.id}:${at}`, news })
}
