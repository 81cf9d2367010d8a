import { ACCOUNT_HEADER } from '../shared/account-header.ts'
import type {
  AccountsResponse,
  CodeResponse,
  ConnectView,
  ErrorCode,
  ErrorResponse,
  JoinView,
  LinkResponse,
  MembershipResponse,
  MeResponse,
  Offer,
  OffersResponse,
  OrderResponse,
  OrdersResponse,
  Person,
  PricingTableResponse,
  RenewResponse,
  UrlResponse,
} from '../shared/api.ts'
import type { Language } from '../shared/language.ts'
import type { Utm } from '../shared/utm.ts'
import { recall, remember } from './remember.ts'

/** Slower than this and the buyer is better served by a sentence and a button than by more waiting. */
const PATIENCE_MS = 20_000

/**
 * For whom this tab speaks from now on, also after it was loaded anew. Another tab may log in somebody else, and
 * the cookie is the browser's: then this one is told to log in, and acts for nobody else.
 */
export function speakFor({ account }: Person): void {
  remember('sessionStorage', 'account', account)
}

/** The server's refusal by its stable code, or `offline` when no answer came at all. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: ErrorCode | 'offline'
  readonly status: number
  constructor(code: ErrorCode | 'offline', status: number) {
    super(`the shop's server answered ${status} ${code}`)
    this.code = code
    this.status = status
  }
}

/** Everything the pages ask of the server. Each call throws an ApiError. */
export const api = {
  openSession: (idToken: string, language: Language) =>
    request<MeResponse>('POST', '/api/session', { idToken, language }),
  me: () => request<MeResponse>('GET', '/api/me'),
  offers: () => request<OffersResponse>('GET', '/api/offers'),
  /** With what the page has shown of it, so that nothing else is sold. */
  checkout: ({ id, terms, trialDays }: Offer, from: { source?: string; utm?: Utm }) =>
    request<UrlResponse>('POST', '/api/checkout', { offer: id, terms, trialDays, ...from }),
  pricingTable: (id: string, from: { source?: string; utm?: Utm }) =>
    request<PricingTableResponse>('POST', '/api/pricing-table', { id, ...from }),
  orders: () => request<OrdersResponse>('GET', '/api/orders'),
  order: (id: string) => request<OrderResponse>('GET', `/api/orders/${encodeURIComponent(id)}`),
  claim: (session: string, utm: Utm | null) =>
    request<OrderResponse>('POST', '/api/orders/claim', { session, ...(utm && { utm }) }),
  membership: () => request<MembershipResponse>('GET', '/api/membership'),
  portal: (asked: { view?: string; customer?: string }) =>
    request<UrlResponse>('POST', '/api/portal', asked),
  /** Whose one-time link it is; asking does not spend it. */
  lookAtLink: (token: string) => request<LinkResponse>('POST', '/api/links/look', { token }),
  /** What a mailed link would make one with who asks; asking does not spend it. */
  lookAtMail: (token: string) => request<ConnectView>('POST', '/api/links/connect/look', { token }),
  connect: (token: string) => request<MeResponse>('POST', '/api/links/connect', { token }),
  /** A new mail to where the old one went. */
  renewMail: (token: string) =>
    request<RenewResponse>('POST', '/api/links/connect/renew', { token }),
  /** What a link from another chat would make one with who asks; asking does not spend it. */
  lookAtJoin: (token: string) => request<JoinView>('POST', '/api/links/join/look', { token }),
  joinAccounts: (token: string) => request<JoinView>('POST', '/api/links/join', { token }),
  makeCode: () => request<CodeResponse>('POST', '/api/links/code'),
  leaveAccounts: () => request<AccountsResponse>('POST', '/api/links/leave'),
  /** Changes the link into a session of our own, once. */
  spendLink: (token: string) => request<MeResponse>('POST', '/api/links/spend', { token }),
}

async function request<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const account = recall('sessionStorage', 'account')
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      ...(account && { [ACCOUNT_HEADER]: account }),
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body ? JSON.stringify(body) : null,
  }).catch(() => {
    throw new ApiError('offline', 0)
  })
  if (!answer.ok) throw new ApiError(await codeOf(answer), answer.status)
  return answer.json().catch(() => {
    throw new ApiError('internal', answer.status)
  }) as Promise<T>
}

/** A proxy in between may answer with its own page; that has no code of ours, but its status says enough. */
async function codeOf(answer: Response): Promise<ErrorCode> {
  const body = (await answer.json().catch(() => null)) as ErrorResponse | null
  const code = body?.error?.code as ErrorCode | undefined
  if (code) return code
  return answer.status === 401 ? 'unauthorized' : 'internal'
}
