import { CHANNEL_NAMES } from '../ports.ts'
import type { PostRoom } from './notify.ts'
import type { PauseRow } from './pauses.store.ts'

const OF_MAIL = {
  quota: 'the mail server takes no more mails today; they wait, and one an hour asks again',
  outage: 'the mail server is out of order; mails wait, and one at a time asks again',
  refused: 'the mail server refuses our login; mails wait until a person mends it',
} as const

const ofChat = (chat: string) => ({
  quota: `${chat} takes no more messages this month; they wait, and one an hour asks again`,
  outage: `${chat} is out of order; messages wait, and one at a time asks again`,
  refused: `${chat} refuses our token or account; messages wait until a person mends it`,
})

/** Once for each pause and each reason for it: what a person would want to know at once. */
export function shout(
  { log }: PostRoom,
  { channel, reason, since, words }: Pick<PauseRow, 'channel' | 'reason' | 'since' | 'words'>,
): void {
  const shouts = channel === 'mail' ? OF_MAIL : ofChat(CHANNEL_NAMES[channel])
  log.error({ channel, cause: reason, since, reason: words }, shouts[reason])
}
