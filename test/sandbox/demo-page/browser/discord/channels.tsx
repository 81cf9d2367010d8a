import type { DemoDiscord } from '../../state.ts'
import { Icon, NorenMark } from '../icons.tsx'
import type { Words } from '../words.ts'
import type { Place } from './places.ts'

type ChannelsProps = {
  discord: DemoDiscord
  words: Words
  server: string
  place: Place
  unread: number
  /** Those who may enter the members' room */
  member: boolean
  onGo: (place: Place) => void
}

/** The strip of servers and the list of channels. */
export function Channels(props: ChannelsProps) {
  const { discord, words, server, place, unread, member, onGo } = props
  const w = words.discord
  const inServer = place !== 'dms'
  return (
    <>
      <div class="dc-strip">
        <button
          type="button"
          class="dc-server dc-home"
          aria-current={!inServer}
          onClick={() => onGo('dms')}
        >
          <Icon name="chat" size={22} />
          <span class="unseen">{w.home}</span>
          {unread > 0 && (
            <span class="dc-count">
              {unread}
              <span class="unseen">{w.unread(unread)}</span>
            </span>
          )}
        </button>
        <button
          type="button"
          class="dc-server"
          aria-current={inServer}
          onClick={() => onGo('parlour')}
        >
          <NorenMark size={26} />
          <span class="unseen">{server}</span>
        </button>
      </div>
      <div class="dc-side">
        <h2>{inServer ? server : w.home}</h2>
        {inServer ? (
          <>
            <p class="dc-group">{w.entrance}</p>
            <Channel name="news" {...{ words, place, onGo }} />
            <Channel name="parlour" {...{ words, place, onGo }} />
            <p class="dc-group">{w.forMembers}</p>
            {member ? (
              <Channel name="members" fresh {...{ words, place, onGo }} />
            ) : (
              <p class="dc-locked" title={w.locked}>
                <Icon name="lock" size={15} /> {w.channels.members}
                <span class="unseen">{w.locked}</span>
              </p>
            )}
          </>
        ) : (
          <button type="button" class="dc-channel" aria-current="true" onClick={() => onGo('dms')}>
            <span class="dc-face dc-face-bot dc-face-small">
              <NorenMark size={15} />
            </span>
            {server}
          </button>
        )}
        <Me discord={discord} words={words} />
      </div>
    </>
  )
}

function Channel(props: {
  name: 'news' | 'parlour' | 'members'
  words: Words
  place: Place
  fresh?: boolean
  onGo: (place: Place) => void
}) {
  const { name, words, place, fresh, onGo } = props
  return (
    <button
      type="button"
      class={fresh ? 'dc-channel dc-channel-opened' : 'dc-channel'}
      aria-current={place === name}
      onClick={() => onGo(name)}
    >
      <span aria-hidden="true">#</span> {words.discord.channels[name]}
    </button>
  )
}

/** At the foot, as in Discord: whose window it is. */
function Me({ discord, words }: { discord: DemoDiscord; words: Words }) {
  const { me, takesDms } = discord
  if (!me) return null
  const roles = discord.members.find(({ id }) => id === me.id)?.roles ?? []
  return (
    <div class="dc-me">
      <span class="dc-face dc-face-me" aria-hidden="true">
        {[...me.name][0]?.toUpperCase()}
      </span>
      <span class="dc-me-name">
        <strong>{me.name}</strong>
        <span>
          {[...roles.map((role) => words.discord.roles[role]), takesDms ? '' : words.discord.dmsOff]
            .filter(Boolean)
            .join('・') || words.discord.online}
        </span>
      </span>
    </div>
  )
}
