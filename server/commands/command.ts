import type { Furnished } from '../furnish.ts'

/** What a command has to say, and its exit code: 0 done, 1 it could not (or not all), 2 not understood. */
export type Outcome = { said: string; code: 0 | 1 | 2 }

/** `words` are what follows the command's name; `options` what was given as --name value. */
export type Command = (
  furnished: Furnished,
  words: string[],
  options: { since?: string },
) => Promise<Outcome>

/** The words were not understood, and this is why. */
export function notUnderstood(sentence: string): Outcome {
  return { said: sentence, code: 2 }
}
