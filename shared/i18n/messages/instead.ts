import type { Messages } from './ja.ts'

/** Sentences that speak of the chat itself, as another channel says them. */
export type Instead = { leadKonbini: string; lead: string; ask: string }

/** The shop's words, with these sentences put in place. */
export function withInstead(words: Messages, { leadKonbini, lead, ask }: Instead): Messages {
  return {
    ...words,
    awaiting: { ...words.awaiting, leadKonbini, lead },
    members: { ...words.members, ended: { ...words.members.ended, ask } },
  }
}
