import type { Person } from '../shared/api.ts'
import type { Language } from '../shared/language.ts'
import { ApiError, api, speakFor } from './api.ts'
import { rememberLink } from './by-link.ts'
import { cameFrom } from './chat.ts'
import type { Line } from './line.ts'
import { Problem } from './problem.ts'
import { recall, remember } from './remember.ts'
import { whenLineReady } from './start-line.ts'

let known: Promise<Person> | null = null
let language: Language = 'ja'

/** Messages in the chat should speak the language the buyer reads here; nobody is sent to log in for it. */
export function speakInSession(spoken: Language): void {
  const changed = spoken !== language
  language = spoken
  if (changed && known) void tellLanguage().catch(() => {})
}

async function tellLanguage(): Promise<void> {
  const idToken = (await whenLineReady()).freshIdToken()
  if (!idToken) return
  const { person } = await api.openSession(idToken, language)
  known = Promise.resolve(noteChat(person))
}

/**
 * Who is buying. Asks LINE's ID token first, since it is the freshest proof, and falls back on the
 * cookie from an earlier visit. Outside LINE it may leave for the login page, and then never settles.
 * Throws a Problem or an ApiError.
 */
export function whoIsBuying(): Promise<Person> {
  known ??= establish().then(noteChat, (error) => {
    known = null
    throw error
  })
  return known
}

/** What the server knows now of the buyer, friendship above all. */
export async function askAgainWhoIsBuying(): Promise<Person> {
  await whoIsBuying()
  known = api.me().then(({ person }) => noteChat(person))
  return known.catch((error) => {
    known = null
    throw error
  })
}

/** The server has let somebody in by a one-time link: from now on the cookie says who it is. */
export function enterByLink(person: Person): void {
  rememberLink(true)
  known = Promise.resolve(noteChat(person))
}

/** The pages speak of the chat in which the buyer is, and for this account alone. */
function noteChat(person: Person): Person {
  speakFor(person)
  cameFrom(person.channel)
  return person
}

/** Runs a call as the buyer; a session that ran out meanwhile is renewed, once. */
export async function asBuyer<T>(call: () => Promise<T>): Promise<T> {
  await whoIsBuying()
  try {
    return await call()
  } catch (error) {
    if (!isUnauthorized(error)) throw error
  }
  await renew()
  return call()
}

/** Sends the buyer to LINE's login because a button was pressed; never counted as a loop. */
export async function logInByHand(): Promise<void> {
  const line = await whenLineReady().catch(() => null)
  // A failed start can only be repeated by loading the page again; that start then leads to the login.
  if (!line || line.inClient) {
    remember('sessionStorage', 'logins', null)
    location.reload()
    return
  }
  line.login()
}

function renew(): Promise<Person> {
  known = null
  remember('sessionStorage', 'exchanged', null)
  return whoIsBuying()
}

async function establish(): Promise<Person> {
  const line = await whenLineReady().catch((problem: Problem) => problem)
  const idToken = line instanceof Problem ? null : line.freshIdToken()
  const tokenTail = idToken?.slice(-24) ?? null
  if (!idToken || recall('sessionStorage', 'exchanged') === tokenTail) {
    const person = await fromCookie()
    if (person) return person
  }
  if (line instanceof Problem) throw line
  if (!idToken) return leaveForLogin(line)
  try {
    const { person } = await api.openSession(idToken, language)
    remember('sessionStorage', 'exchanged', tokenTail)
    remember('sessionStorage', 'logins', null)
    return person
  } catch (error) {
    if (!isUnauthorized(error)) throw error
    return (await fromCookie()) ?? leaveForLogin(line)
  }
}

async function fromCookie(): Promise<Person | null> {
  try {
    return (await api.me()).person
  } catch (error) {
    if (isUnauthorized(error)) return null
    throw error
  }
}

/**
 * One round to LINE's login without asking. A second one would be a loop, so it is explained instead;
 * so is a browser that cannot remember the first.
 */
function leaveForLogin(line: Line): Promise<never> {
  if (line.inClient) throw new Problem('reopen')
  const before = Number(recall('sessionStorage', 'logins') ?? 0)
  const counted = remember('sessionStorage', 'logins', String(before + 1))
  if (before > 0 || !counted) throw new Problem('loginFailed')
  line.login()
  return new Promise(() => {})
}

/** The server does not know who asks: no cookie, or one that has run out. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}
