import type { DemoDiscord, ServerRole } from '../../state.ts'
import { NorenMark } from '../icons.tsx'
import { Scrollable } from '../scrollable.tsx'
import type { Words } from '../words.ts'

/** The highest of one's roles says where one stands in the list. */
const GROUPS: (ServerRole | 'online')[] = [
  'owner',
  'moderator',
  'bot',
  'premium',
  'member',
  'tea',
  'online',
]

type PeopleProps = { discord: DemoDiscord; words: Words; bot: string }

/** Who is on the server, each in the colour of their highest role. */
export function People({ discord, words, bot }: PeopleProps) {
  const w = words.discord
  const all = [
    { id: 'owner', name: w.owner, roles: ['owner'] as ServerRole[] },
    ...discord.members,
    { id: 'bot', name: bot, roles: ['bot'] as ServerRole[] },
  ]
  return (
    <Scrollable class="dc-people" role="group" label={w.people}>
      {GROUPS.map((group) => {
        const here = all.filter(({ roles }) => (roles[0] ?? 'online') === group)
        if (here.length === 0) return null
        const name = group === 'online' ? w.online : w.roles[group]
        return (
          <div key={group} class={`dc-people-group dc-role-${group}`}>
            <h3>
              {name} — {here.length}
            </h3>
            <ul>
              {here.map((person) => (
                <li key={person.id}>
                  <span
                    class={`dc-face dc-face-small ${person.id === 'bot' ? 'dc-face-bot' : ''}`}
                    aria-hidden="true"
                  >
                    {person.id === 'bot' ? <NorenMark size={15} /> : [...person.name][0]}
                  </span>
                  <span class="dc-people-name">
                    {person.name}
                    {person.id === discord.me?.id && <small> {w.you}</small>}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </Scrollable>
  )
}
