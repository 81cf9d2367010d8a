import { ERROR_CODES } from '../../shared/api.ts'
import { mustAnswer } from './books.ts'
import type { Cast } from './cast.ts'
import type { Knock } from './knock.ts'

export type Answer = { status: number; headers: Record<string, unknown>; text: string }

const CODES: ReadonlySet<string> = new Set([...ERROR_CODES, 'bad_signature', 'busy'])
const MARKS = /mk\d{4}mk|cs_test_\w+|U[0-9a-f]{32}/g

/** Says in sentences what is wrong with an answer; nothing when all is well. */
export type Judge = (knock: Knock, answer: Answer) => string[]

export function openJudge(cast: Cast): Judge {
  const owners = new Map<string, number>()
  for (const [at, { mark, order, userId }] of cast.players.entries())
    for (const each of [mark, order, userId]) owners.set(each, at)
  const claimed = new Map<string, number>()

  /** Nothing of anybody else; what belonged to nobody belongs to whoever was shown it first. */
  function findStrangers({ who }: Knock, { text, headers }: Answer): string[] {
    const found = `${text}${JSON.stringify(headers)}`.match(MARKS) ?? []
    return found.flatMap((mark) => {
      if (cast.unowned.includes(mark) && who !== null && !claimed.has(mark)) claimed.set(mark, who)
      const owner = owners.get(mark) ?? claimed.get(mark)
      if (owner === who && who !== null) return []
      return owner === undefined ? [] : [`${mark} of person ${owner} was shown to ${who}`]
    })
  }

  return (knock, answer) => [
    ...(knock.raw ? [] : findFaults(knock, answer)),
    ...(answer.status >= 500 ? [`answered ${answer.status}`] : []),
    ...findReflection(knock, answer),
    ...findStrangers(knock, answer),
    ...(knock.letter ? findWrongVerdict(knock, answer) : []),
  ]
}

function findFaults(knock: Knock, { status, headers, text }: Answer): string[] {
  const faults: string[] = []
  if (headers['x-content-type-options'] !== 'nosniff' || !headers['content-security-policy'])
    faults.push('the safe headers are missing')
  if (status >= 400 && knock.method !== 'HEAD' && !isKnownError(text, headers))
    faults.push(`the error is not in our shape: ${text.slice(0, 200)}`)
  if (knock.who === null && /"(orders|order|person|url)":/.test(text) && status === 200)
    if (!headers['content-type']?.toString().startsWith('text/html'))
      faults.push('a stranger was told something private')
  return faults
}

function isKnownError(text: string, headers: Answer['headers']): boolean {
  if (!String(headers['content-type']).startsWith('application/json')) return false
  try {
    const { error, ...rest } = JSON.parse(text) as Record<string, Record<string, unknown>>
    const keys = Object.keys(error ?? {}).join()
    return keys === 'code,message' && CODES.has(String(error?.['code'])) && !Object.keys(rest)[0]
  } catch {
    return false
  }
}

/** A good answer may say what was asked for (a checkout's address names its source); no other may. */
function findReflection({ tag }: Knock, { status, headers, text }: Answer): string[] {
  const isPage = String(headers['content-type']).startsWith('text/html')
  const said = JSON.stringify(headers) + (status >= 300 || isPage ? text : '')
  return said.includes(tag) ? ['the answer repeats what was sent'] : []
}

function findWrongVerdict(knock: Knock, { status }: Answer): string[] {
  const must = mustAnswer(knock)
  return must.status === status ? [] : [`answered ${status}, must be ${must.status}`]
}
