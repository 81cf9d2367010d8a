import { useEffect, useState } from 'preact/hooks'
import type { Person } from '../shared/api.ts'
import type { InnerTexts } from '../shared/i18n/pages/inner/ja.ts'
import { recall, remember } from './remember.ts'

export type Chat = Person['channel']

let chat: Chat = recall('sessionStorage', 'chat') === 'discord' ? 'discord' : 'line'
const watchers = new Set<(chat: Chat) => void>()

/** From which chat the buyer has come, as soon as something says so: a link, or the session. Kept for the tab. */
export function cameFrom(from: Chat): void {
  if (from === chat) return
  chat = from
  remember('sessionStorage', 'chat', from === 'line' ? null : from)
  for (const watch of watchers) watch(from)
}

/** In which chat the buyer is, who may have no other: LINE until we know better. */
export function useChat(): Chat {
  const [now, setNow] = useState(chat)
  useEffect(() => {
    setNow(chat)
    watchers.add(setNow)
    return () => void watchers.delete(setNow)
  }, [])
  return now
}

/** The words of the inner pages for who is in this chat: where they speak of LINE, they may have to name another. */
export function wordsIn(chat: Chat, inner: InnerTexts): InnerTexts {
  if (chat === 'line') return inner
  const { checkout, join, link, memberProblems, comeback, statusText } = inner.onDiscord
  return {
    ...inner,
    checkout: { ...inner.checkout, ...checkout },
    join: { ...inner.join, ...join },
    link: { ...inner.link, ...link },
    memberProblems: { ...inner.memberProblems, ...memberProblems },
    comeback: { ...inner.comeback, ...comeback },
    statusText: { ...inner.statusText, ...statusText },
  }
}
