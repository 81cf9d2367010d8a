import type { ErrorCode } from '../shared/api.ts'
import type { MemberProblem } from '../shared/i18n/pages/inner/ja.ts'
import type { DoorProblem } from '../shared/i18n/pages/ja.ts'
import { ApiError } from './api.ts'

export type ProblemName = DoorProblem | MemberProblem

/** Something that went wrong and that the page can explain and offer a way out of. */
export class Problem extends Error {
  override name = 'Problem'
  readonly problem: ProblemName
  constructor(problem: ProblemName) {
    super(problem)
    this.problem = problem
  }
}

const BY_CODE: Record<ErrorCode | 'offline', ProblemName> = {
  offline: 'offline',
  bad_request: 'unexpected',
  unauthorized: 'loginFailed',
  id_token_expired: 'loginFailed',
  id_token_invalid: 'loginFailed',
  not_found: 'orderNotFound',
  unknown_offer: 'offerUnavailable',
  unknown_table: 'tableUnknown',
  offer_unavailable: 'offerUnavailable',
  unknown_session: 'unknownSession',
  already_claimed: 'alreadyClaimed',
  already_subscribed: 'alreadySubscribed',
  terms_changed: 'termsChanged',
  no_customer: 'noCustomer',
  several_customers: 'severalCustomers',
  unknown_view: 'viewNotAllowed',
  view_not_allowed: 'viewNotAllowed',
  link_unknown: 'linkUnknown',
  link_expired: 'linkExpired',
  link_spent: 'linkSpent',
  not_staff: 'unexpected',
  link_other_kind: 'linkOtherKind',
  already_connected: 'alreadyConnected',
  other_line: 'otherLine',
  not_linked: 'notLinked',
  wrong_account: 'wrongAccount',
  too_many_requests: 'tooMany',
  line_unavailable: 'lineDown',
  stripe_unavailable: 'stripeDown',
  internal: 'unexpected',
}

/** The name under which each language explains this error. */
export function problemOf(error: unknown): ProblemName {
  if (error instanceof Problem) return error.problem
  if (error instanceof ApiError) return BY_CODE[error.code] ?? 'unexpected'
  return 'unexpected'
}
