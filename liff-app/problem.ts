import type { ErrorCode } from '../shared/api.ts'
import type { ProblemName } from '../shared/i18n/pages/ja.ts'
import { ApiError } from './api.ts'

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
  offer_unavailable: 'offerUnavailable',
  unknown_session: 'unknownSession',
  already_claimed: 'alreadyClaimed',
  no_customer: 'unexpected',
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
