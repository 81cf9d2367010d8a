/**
 * What an answer means for what was asked, and how long until it is asked again: all of it, here.
 * `docs/when-things-fail.md` shows these tables; a test keeps the two equal.
 */

export type Vendor = 'line' | 'line token' | 'stripe' | 'smtp' | 'discord' | 'webhook'

/** `code`: the vendor's own word or number, or Node's word for why there was no answer. */
export type Answer = {
  /** HTTP's or SMTP's; null: there was no answer */
  status: number | null
  code?: string | undefined
  words?: string | undefined
  /** Of SMTP: the command that was answered */
  to?: string | undefined
  /** Seconds, as the vendor asked for */
  retryAfter?: number | undefined
}

/**
 * `again`: try later. `never`: it will be refused tomorrow too. `pause`: everybody's messages will be
 * refused for a while. `person`: only a person can mend it, so it is kept, tried slowly, and shouted.
 */
export type Fate = 'accepted' | 'again' | 'never' | 'pause' | 'person'

export type Rule = {
  when: string
  fits: (answer: Answer) => boolean
  fate: Fate
  /** Has the vendor done it? Only a clear "no" leaves a retry key unused. */
  taken: 'yes' | 'no' | 'perhaps'
  /** Does it use up one of the job's attempts? Known reasons do not. */
  counts: boolean
  why: string
}

export type Verdict = Pick<Rule, 'fate' | 'taken' | 'counts'> & { retryAfter: number | null }

/** The request never left: no connection, no name, no trust. Anything later may have been read. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|(CONNECT|GREETING|UPGRADE)_TIMEOUT|EDNS|ETLS|ERR_TLS_CERT\w*|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)$/

/** Our own word for a name that leads into our own network. */
export const PRIVATE_ADDRESS = 'ENOTPUBLIC'

const status =
  (...these: number[]) =>
  (answer: Answer) =>
    answer.status !== null && these.includes(answer.status)
const between = (low: number, high: number) => (answer: Answer) =>
  answer.status !== null && answer.status >= low && answer.status <= high
const unconnected = ({ status, code }: Answer) => status === null && NOT_CONNECTED.test(code ?? '')
/** What the server says before it has heard whom the mail is for says nothing about the mail. */
const BEFORE_THE_MAIL = /^(CONN|EHLO|HELO|STARTTLS|AUTH\b.*|MAIL FROM)$/
const beforeTheMail = ({ to }: Answer) => BEFORE_THE_MAIL.test(to ?? '')
const silent = ({ status }: Answer) => status === null
const anything = () => true

function rule(
  when: string,
  fits: Rule['fits'],
  [fate, taken]: [Fate, Rule['taken']],
  why: string,
  counts = fate === 'again',
): Rule {
  return { when, fits, fate, taken, counts, why }
}

/** The first rule that fits counts. */
export const POLICY: Readonly<Record<Vendor, readonly Rule[]>> = {
  // https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
  line: [
    rule('2xx', between(200, 299), ['accepted', 'yes'], 'it is in the chat'),
    rule('409', status(409), ['accepted', 'yes'], 'LINE had taken it before, under the same key'),
    rule(
      '429 "monthly limit"',
      ({ status, words }) => status === 429 && /monthly limit/i.test(words ?? ''),
      ['pause', 'no'],
      'the month’s messages are used up, whoever they are for; the quota may be raised',
    ),
    rule('other 429', status(429), ['again', 'no'], 'too fast; the pace slows down', false),
    rule(
      '401, 403',
      status(401, 403),
      ['person', 'no'],
      'the token or the account is refused, not the message',
    ),
    rule(
      '408, 5xx',
      (answer) => status(408)(answer) || between(500, 599)(answer),
      ['again', 'perhaps'],
      'LINE says nothing about whether it was taken',
    ),
    rule('other 4xx', between(400, 499), ['never', 'no'], 'it will be refused tomorrow too'),
    rule('no connection', unconnected, ['again', 'no'], 'nothing has left'),
    rule('no answer', anything, ['again', 'perhaps'], 'it may have arrived'),
  ],
  'line token': [
    rule(
      '400, 401, 403',
      status(400, 401, 403),
      ['person', 'no'],
      'the channel’s id or secret is wrong',
    ),
    rule('anything else', anything, ['again', 'no'], 'nothing has left, so no key is used up'),
  ],
  // https://docs.stripe.com/error-handling
  stripe: [
    rule(
      '429, 400 `rate_limit`',
      ({ status, code }) => status === 429 || (status === 400 && code === 'rate_limit'),
      ['again', 'no'],
      'too fast, or somebody else holds the same object',
      false,
    ),
    rule('401', status(401), ['person', 'no'], 'the key is refused'),
    rule(
      '403',
      status(403),
      ['person', 'no'],
      'the key lacks a permission; Stripe’s sentence names it',
    ),
    rule(
      '404',
      status(404),
      ['again', 'no'],
      'made a moment ago, and not to be read everywhere yet',
    ),
    rule('409', status(409), ['again', 'no'], 'two requests met'),
    rule('other 4xx', between(400, 499), ['never', 'no'], 'it will be refused tomorrow too'),
    rule('5xx', between(500, 599), ['again', 'perhaps'], 'Stripe is out of order'),
    rule('no connection', unconnected, ['again', 'no'], 'nothing has left'),
    rule('no answer', anything, ['again', 'perhaps'], 'slow, or lost on the way'),
  ],
  // https://datatracker.ietf.org/doc/html/rfc5321#section-4.2
  smtp: [
    rule('2xx', between(200, 299), ['accepted', 'yes'], 'the other server has it now'),
    rule(
      '530, 534, 535, 538',
      status(530, 534, 535, 538),
      ['person', 'no'],
      'the login is refused',
    ),
    rule(
      '5.4.5, "sending limit", "sending quota"',
      ({ status, code, words }) =>
        (status ?? 0) >= 400 &&
        (code === '5.4.5' || /\bsending (limit|quota)\b/i.test(words ?? '')),
      ['pause', 'no'],
      'the day’s mails are used up, whoever they are for',
    ),
    rule(
      '4xx',
      between(400, 499),
      ['again', 'no'],
      'busy, full for now, or it wants to see us twice',
    ),
    rule(
      '5xx before a recipient is named',
      (answer) => between(500, 599)(answer) && beforeTheMail(answer),
      ['person', 'no'],
      'it takes nothing from us, whoever it is for',
    ),
    rule(
      '5xx "address is not verified"',
      ({ status, words }) =>
        (status ?? 0) >= 500 && /\baddress(es)? (is|are) not verified\b/i.test(words ?? ''),
      ['person', 'no'],
      'Amazon SES does not know our sender yet, or lets us write to ourselves alone',
    ),
    rule('5xx', between(500, 599), ['never', 'no'], 'no such mailbox, or not wanted'),
    rule(
      '`EAUTH`',
      ({ status, code }) => status === null && code === 'EAUTH',
      ['person', 'no'],
      'no way to log in that both sides know',
    ),
    rule(
      '`EENVELOPE`, `EMESSAGE`',
      ({ status, code }) => status === null && /^E(ENVELOPE|MESSAGE)$/.test(code ?? ''),
      ['never', 'no'],
      'an address or a size that cannot be sent',
    ),
    rule('no connection', unconnected, ['again', 'no'], 'nothing has left'),
    rule(
      'no answer',
      anything,
      ['again', 'perhaps'],
      'mail knows no retry key: a repeat may be a second mail',
    ),
  ],
  // https://docs.discord.com/developers/topics/rate-limits
  discord: [
    rule('2xx', between(200, 299), ['accepted', 'yes'], 'it is in the channel'),
    rule('429', status(429), ['again', 'no'], 'too fast; Discord says for how long', false),
    rule(
      '401',
      status(401),
      ['person', 'no'],
      'the bot’s token is refused; 10,000 such answers in 10 minutes shut its address out',
    ),
    rule(
      '403 `50007`, `50278`; `10013`, `50033`',
      ({ code }) => /^(50007|50278|10013|50033)$/.test(code ?? ''),
      ['never', 'no'],
      'this person takes no messages from the bot, or shares no server with it, or is no more',
    ),
    rule(
      '`40003`',
      ({ code }) => code === '40003',
      ['again', 'no'],
      'too many chats begun in a short time',
      false,
    ),
    rule('other 403', status(403), ['person', 'no'], 'the bot lacks a permission'),
    rule(
      '408, 5xx',
      (answer) => status(408)(answer) || between(500, 599)(answer),
      ['again', 'perhaps'],
      'Discord says nothing about whether it was taken',
    ),
    rule(
      '4xx without a number of Discord’s',
      (answer) => between(400, 499)(answer) && answer.code === undefined,
      ['again', 'no'],
      'from what stands before Discord, and knows nothing of the message',
    ),
    rule('other 4xx', between(400, 499), ['never', 'no'], 'no such channel, or a bad message'),
    rule('no connection', unconnected, ['again', 'no'], 'nothing has left'),
    rule('no answer', silent, ['again', 'perhaps'], 'it may have arrived'),
    rule('anything else', anything, ['again', 'perhaps'], 'not an answer that Discord documents'),
  ],
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  webhook: [
    rule('2xx', between(200, 299), ['accepted', 'yes'], 'it is there'),
    rule('410', status(410), ['person', 'no'], 'nobody listens there any more: it is switched off'),
    rule('3xx', between(300, 399), ['again', 'no'], 'we go nowhere we were not told to go'),
    rule('429', status(429), ['again', 'no'], 'too fast'),
    rule(
      '408, 5xx',
      (answer) => status(408)(answer) || between(500, 599)(answer),
      ['again', 'perhaps'],
      'out of order; a repeat has the same `webhook-id`',
    ),
    rule('other 4xx', between(400, 499), ['again', 'no'], 'somebody may be mending it'),
    rule(
      'a private address',
      ({ status, code }) => status === null && code === PRIVATE_ADDRESS,
      ['again', 'no'],
      'nothing has left; names may be put right',
    ),
    rule('no connection', unconnected, ['again', 'no'], 'nothing has left'),
    rule('no answer', anything, ['again', 'perhaps'], 'slow, or lost on the way'),
  ],
}

/** What this answer means. Unheard-of answers are *again, perhaps taken*: nothing is given up on a guess. */
export function judge(vendor: Vendor, answer: Answer): Verdict {
  const found = POLICY[vendor].find(({ fits }) => fits(answer))
  const { fate, taken, counts } = found ?? { fate: 'again', taken: 'perhaps', counts: true }
  const { retryAfter } = answer
  const wait = retryAfter === undefined ? null : Math.min(retryAfter, LONGEST_RETRY_AFTER_SECONDS)
  return { fate, taken, counts, retryAfter: wait }
}

/** Retry-After is seconds or a date (RFC 9110). undefined: there is none, or none that can be read. */
export function readRetryAfter(header: string | null | undefined, now: Date): number | undefined {
  if (!header) return undefined
  const seconds = /^\d+$/.test(header.trim())
    ? Number(header)
    : (Date.parse(header) - now.getTime()) / 1_000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}

/** A vendor that asks for a year has made a mistake; an hour later it may say something else. */
export const LONGEST_RETRY_AFTER_SECONDS = 3_600

/**
 * How long until a failed job is tried again, in seconds: 1, 2, 4 … up to an hour, each ±25 % so that a
 * flood that failed together does not come back together. The first retry comes within 2 s.
 */
export function retryDelay(attempts: number, random: () => number = Math.random): number {
  const seconds = Math.min(2 ** (attempts - 1), 3_600)
  return seconds * (0.75 + random() / 2)
}

/** With the delays above this is about three days, as long as Stripe itself would keep trying. */
export const MOST_ATTEMPTS = 80

/** LINE remembers a retry key for 24 h from the first attempt; after that the same key sends twice. */
export const KEY_HOURS = 23

/**
 * A mail whose answer was lost is sent again after so long, under the same Message-ID, by which many
 * mailboxes show it once; after the last of them a person decides.
 */
export const UNCLEAR_MAIL_SECONDS: readonly number[] = [60, 600]

/** Nothing can be sent over a channel that the shop has taken out of its settings; it may come back. */
export const NO_CHANNEL_SECONDS = 600

/** What a refused key or a missing permission waits for: a person, who needs minutes at least. */
export const PERSON_SECONDS = 600

/** A channel is paused after so many failures in a row, of more than one message: one hiccup is none. */
export const FAILURES_BEFORE_PAUSE = 5

/**
 * How long a paused channel is left alone before one message probes it, in seconds: an hour where the
 * month is used up, otherwise 5, 10, 20 … 300.
 */
export function pauseSeconds(reason: 'quota' | 'outage' | 'refused', failures: number): number {
  return reason === 'quota' ? 3_600 : Math.min(5 * 2 ** failures, 300)
}

/** Longer than a silent LINE takes to time out (3 s + 10 s), and than a killed worker's claim (20 s). */
export const PROBE_SECONDS = 30

/**
 * The message that is to probe comes first; after this long without it, any other may. Longer than
 * the spread below adds to a pause of 300 s: it may not have known that it would be chosen.
 */
export const PROBE_GRACE_SECONDS = 200
/** Whoever comes while another is awaited looks again after this long. */
export const STEP_BACK_SECONDS = 30

/**
 * After so many failed probes another message is asked for its opinion: the first one may be what
 * LINE chokes on. Few, because each begins a key's 23 hours.
 */
export const SECOND_OPINIONS: readonly number[] = [8, 64]

/** Those that wait behind a pause come back one after another, not all in one second: up to 5 minutes later. */
export function spread(seconds: number, random: () => number = Math.random): number {
  return seconds + random() * Math.min(Math.max(5, seconds / 2), 300)
}

/** How long until a webhook is tried again, in seconds, by the attempts made; then every 10 hours. */
const WEBHOOK_DELAYS: readonly number[] = [5, 300, 1_800, 7_200, 18_000]
const WEBHOOK_LATER = 36_000

/** Failing for so long, an endpoint is switched off; and a message that it alone refuses is dead. */
export const WEBHOOK_DAYS = 3

/** The delay after so many attempts, ±20 %, and not before what the receiver asked for. In seconds. */
export function webhookDelay(
  attempts: number,
  retryAfter: number | null,
  random: () => number = Math.random,
): number {
  const seconds = WEBHOOK_DELAYS[attempts - 1] ?? WEBHOOK_LATER
  return Math.max(seconds * (0.8 + random() * 0.4), retryAfter ?? 0)
}
