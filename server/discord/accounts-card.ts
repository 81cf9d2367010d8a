import { roleName } from '../letters/plan-words.ts'
import type { Sentence } from '../letters/sentences.ts'
import { CHANNEL_NAMES, type CommandAnswer } from '../ports.ts'
import {
  type AnswerOf,
  aboutLink,
  type Card,
  type Said,
  sentences,
  shownName,
} from './answer-card.ts'
import { ASKS, type Button } from './buttons.ts'

type AboutAccounts = Exclude<
  CommandAnswer,
  { kind: 'help' | 'guest' | 'member' | 'orders' | 'open' }
>

/** What is asked and said about two accounts that become one, or two again. */
export function accountsCard(answer: AboutAccounts, said: Said): Card {
  const { discord } = said
  switch (answer.kind) {
    case 'link':
      return linkCard(answer, said)
    case 'ask_join':
      return askJoinCard(answer, said)
    case 'joined':
      return joinedCard(answer, said)
    case 'ask_unlink':
      return askUnlinkCard(answer, said)
    case 'refused':
      return refusedCard(answer, said)
    default: {
      const { title, lead } = discord[answer.kind]
      return card(title, [lead])
    }
  }
}

const card = (title: string, said: readonly Sentence[], buttons: Button[] = []): Card => ({
  title,
  blocks: [sentences(said)],
  buttons,
})

function linkCard({ into }: AnswerOf<'link'>, said: Said): Card {
  const { title, lead, how, button } = said.discord.link
  return {
    title,
    ...aboutLink(into, [sentences(into ? [lead, how] : [lead])], said),
    buttons: [{ label: button, address: into }],
  }
}

/** That they are one already is no bad news. */
function refusedCard({ why }: AnswerOf<'refused'>, { discord }: Said): Card {
  const { refused } = discord
  return card(why === 'same' ? refused.titleSame : refused.title, [refused[why]])
}

/** Asked before anything happens: whoever was talked into typing somebody's code must be able to notice. */
function askJoinCard({ code, name, channel, replaces }: AnswerOf<'ask_join'>, said: Said): Card {
  const { askJoin } = said.discord
  const shown = shownName(name)
  const where = CHANNEL_NAMES[channel]
  const other = shownName(replaces)
  return card(
    askJoin.title,
    [
      { strong: shown ? askJoin.lead(where, shown) : askJoin.leadUnnamed(where) },
      askJoin.effect,
      ...(replaces === null ? [] : [other ? askJoin.replaces(other) : askJoin.replacesUnnamed]),
      askJoin.onlyYours,
    ],
    [
      { label: askJoin.yes, asks: `${ASKS.yes}${code}` },
      { label: askJoin.no, asks: ASKS.no },
    ],
  )
}

function joinedCard({ name, role }: AnswerOf<'joined'>, { discord, words }: Said): Card {
  const { joined } = discord
  const shown = shownName(name)
  return card(joined.title, [
    shown ? joined.lead(shown) : joined.leadUnnamed,
    role === null ? joined.noRole : joined.role(roleName(role, words)),
  ])
}

function askUnlinkCard({ name }: AnswerOf<'ask_unlink'>, { discord }: Said): Card {
  const { askUnlink } = discord
  const shown = shownName(name)
  return card(
    askUnlink.title,
    [{ strong: shown ? askUnlink.lead(shown) : askUnlink.leadUnnamed }, askUnlink.effect],
    [
      { label: askUnlink.yes, asks: ASKS.unlinkSurely },
      { label: discord.buttons.leaveAsItIs, asks: ASKS.no },
    ],
  )
}
