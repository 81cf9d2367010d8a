import type { PostRoom } from './notify.ts'
import type { PauseRow } from './pauses.store.ts'

const SHOUTS = {
  line: {
    quota: 'LINE takes no more messages this month; they wait, and one an hour asks again',
    outage: 'LINE is out of order; messages wait, and one at a time asks again',
    refused: 'LINE refuses our token or account; messages wait until a person mends it',
  },
  mail: {
    quota: 'the mail server takes no more mails today; they wait, and one an hour asks again',
    outage: 'the mail server is out of order; mails wait, and one at a time asks again',
    refused: 'the mail server refuses our login; mails wait until a person mends it',
  },
} as const

/** Once for each pause and each reason for it: what a person would want to know at once. */
export function shout(
  { log }: PostRoom,
  { channel, reason, since, words }: Pick<PauseRow, 'channel' | 'reason' | 'since' | 'words'>,
): void {
  log.error({ channel, cause: reason, since, reason: words }, SHOUTS[channel][reason])
}
