import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import type { Furnished } from '../furnish.ts'

/** What a command has to say, and its exit code: 0 done, 1 it could not (or not all), 2 not understood. */
export type Outcome = { said: string; code: 0 | 1 | 2 }

/** What may be given as --name value, or as --name alone. */
export const OPTIONS = {
  since: { type: 'string' },
  limit: { type: 'string' },
  days: { type: 'string' },
  note: { type: 'string' },
  until: { type: 'string' },
  by: { type: 'string' },
  offer: { type: 'string' },
  source: { type: 'string' },
  'utm-source': { type: 'string' },
  'utm-medium': { type: 'string' },
  'utm-campaign': { type: 'string' },
  'utm-term': { type: 'string' },
  'utm-content': { type: 'string' },
  png: { type: 'string' },
  svg: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  events: { type: 'string' },
  format: { type: 'string' },
  id: { type: 'string' },
  find: { type: 'string' },
  invite: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  direct: { type: 'boolean' },
  dead: { type: 'boolean' },
  late: { type: 'boolean' },
  due: { type: 'boolean' },
  unhandled: { type: 'boolean' },
  again: { type: 'boolean' },
  send: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Name = keyof typeof OPTIONS
export type Options = {
  [N in Name]?: (typeof OPTIONS)[N]['type'] extends 'string' ? string : boolean
}

/** `words` are what follows the command's name; `options` what was given as --name value. */
export type Command = (
  furnished: Furnished,
  words: string[],
  options: Options,
  config: Config,
) => Promise<Outcome>

/** A command that needs no open books: the settings alone, or not even those. */
export type BareCommand = (
  words: string[],
  options: Options,
  settings: () => Promise<Config>,
) => Promise<Outcome>

/** The words were not understood, and this is why. */
export function notUnderstood(sentence: string): Outcome {
  return { said: sentence, code: 2 }
}

export function done(sentence: string): Outcome {
  return { said: sentence, code: 0 }
}

export function couldNot(sentence: string): Outcome {
  return { said: sentence, code: 1 }
}

export const SEE_HELP = '"npm run noren -- help" says what each does.'

/** The words of the shell apart from the options among them, or what is wrong with those. */
export function readWords(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: OPTIONS })
  } catch (error) {
    // Its first sentence names the option; the second explains an escape that nobody needs here.
    const [sentence] = (error as Error).message.split('. ')
    return notUnderstood(`${sentence}. ${SEE_HELP}`)
  }
}
