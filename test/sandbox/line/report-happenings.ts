import type { AcceptedPush, RichMenu } from '../types.ts'
import type { LineState } from './line-state.ts'

type Answered = {
  title: string
  status: number
  milliseconds: number
  push: AcceptedPush | null
  changedMenus: ChangedMenu[]
}

/** Somebody's phone shows another menu now, or none. */
export type ChangedMenu = { userId: string; menu: RichMenu | null }

/** Tells the timeline of an answer to Noren's server, and of what appeared on a phone because of it. */
export function reportAnswer(line: LineState, { push, changedMenus, ...answered }: Answered): void {
  const detail = push && { to: nameOf(line, push.to), delivered: push.delivered }
  line.watch({ at: line.now(), from: 'noren', to: 'line', ...answered, ...(detail && { detail }) })
  if (push?.delivered)
    line.watch({ at: line.now(), from: 'line', to: 'buyer', title: summaryOf(push), detail: push })
  for (const changed of changedMenus) reportMenu(line, changed)
}

/** Tells the timeline of an answer to the buyer's browser, that is, to the LIFF SDK. */
export function reportLogin(
  line: LineState,
  answered: Omit<Answered, 'push' | 'changedMenus'>,
): void {
  line.watch({ at: line.now(), from: 'buyer', to: 'line', ...answered })
}

function reportMenu(line: LineState, { userId, menu }: ChangedMenu): void {
  const { richMenuId = null, chatBarText = null, name = null } = menu ?? {}
  const detail = { to: nameOf(line, userId), richMenuId, chatBarText, name }
  line.watch({ at: line.now(), from: 'line', to: 'buyer', title: 'rich menu', detail })
}

function nameOf(line: LineState, id: string): string {
  return line.users.get(id)?.name ?? line.groups.get(id) ?? id
}

/** What the notification on the lock screen would say. */
function summaryOf({ messages }: AcceptedPush): string {
  const [first = {}] = messages
  return String(first['altText'] ?? first['text'] ?? first['type'])
}
