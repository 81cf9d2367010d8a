import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { MemberMessage } from '../ports.ts'
import { endedLetter } from './ended.ts'
import type { Letter } from './letter.ts'
import { cardExpiringLetter, renewalAheadLetter } from './member-ahead.ts'
import {
  leavingLetter,
  pausedLetter,
  planChangedLetter,
  resumedLetter,
  stayingLetter,
} from './member-changes.ts'
import { graceEndingLetter, paymentFailedLetter, trialEndingLetter } from './member-payments.ts'
import { welcomeLetter } from './welcome.ts'

/** The letter for each kind of news of a membership. */
export function letterToMember(message: MemberMessage, words: Messages): Letter {
  switch (message.kind) {
    case 'welcome':
      return welcomeLetter(message, words)
    case 'trial_ending':
      return trialEndingLetter(message, words)
    case 'payment_failed':
      return paymentFailedLetter(message, words)
    case 'grace_ending':
      return graceEndingLetter(message, words)
    case 'ended':
      return endedLetter(message, words)
    case 'plan_changed':
      return planChangedLetter(message, words)
    case 'paused':
      return pausedLetter(message, words)
    case 'resumed':
      return resumedLetter(message, words)
    case 'leaving':
      return leavingLetter(message, words)
    case 'staying':
      return stayingLetter(message, words)
    case 'card_expiring':
      return cardExpiringLetter(message, words)
    case 'renewal_ahead':
      return renewalAheadLetter(message, words)
  }
}
