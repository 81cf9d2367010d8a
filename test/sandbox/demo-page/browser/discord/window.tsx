import { useEffect, useRef, useState } from 'preact/hooks'
import { textColourOn } from '../../../../../shared/contrast.ts'
import { localized } from '../../../../../shared/language.ts'
import type { DemoAction, DemoDiscord, DemoState } from '../../state.ts'
import { Icon, NorenMark } from '../icons.tsx'
import type { PageLanguage, Words } from '../words.ts'
import { Browser } from './browser.tsx'
import { Channels } from './channels.tsx'
import { People } from './people.tsx'
import { Room } from './room.tsx'
import { firstWordsOf, usePlace } from './use-place.ts'
import { type Leads, whereLinkLeads } from './where-link-leads.ts'

type WindowProps = {
  state: DemoState
  discord: DemoDiscord
  words: Words
  language: PageLanguage
  onAct: (action: DemoAction) => Promise<void>
  /** A link into LINE opens on the phone */
  onPhone: (path: string) => void
}

type Opened = Extract<Leads, { to: 'browser' }> & { times: number }

/** A server on Discord, as whoever holds the phone has it on their computer. */
export function DiscordWindow(props: WindowProps) {
  const { state, discord, words } = props
  const w = words.discord
  return (
    <section class="discord" aria-label={w.window} style={colours(state.shop.brand)}>
      {discord.me ? <Opened key={discord.me.id} {...props} /> : <p class="dc-away">{w.nobody}</p>}
    </section>
  )
}

function Opened({ state, discord, words, language, onAct, onPhone }: WindowProps) {
  const w = words.discord
  const [opened, setOpened] = useState<Opened | null>(null)
  const [panel, setPanel] = useState<'channels' | 'people' | null>(null)
  const { place, go, arrived, unread } = usePlace(discord, opened !== null)
  const server = localized(state.shop.name, language)
  const me = discord.me!
  const member = isMember(discord)
  const shown = place === 'members' && !member ? 'parlour' : place

  function follow(link: string) {
    const leads = whereLinkLeads(
      link,
      { url: state.shop.url, liffId: state.liffId },
      discord.browserUrl,
      me,
    )
    if (leads?.to === 'line') onPhone(leads.path)
    if (leads?.to === 'outside') window.open(leads.url, '_blank', 'noopener')
    if (leads?.to === 'browser')
      setOpened((before) => ({ ...leads, times: (before?.times ?? 0) + 1 }))
  }
  function show(to: typeof place) {
    setOpened(null)
    setPanel(null)
    go(to)
  }

  return (
    <>
      <div class="dc-covered" inert={opened !== null} data-panel={panel}>
        <nav class="dc-channels" aria-label={w.list}>
          <Channels {...{ discord, words, server, unread, member }} place={shown} onGo={show} />
        </nav>
        <div class="dc-main">
          <header class="dc-top">
            <PanelButton
              panel="channels"
              icon="menu"
              label={w.list}
              now={panel}
              onTurn={setPanel}
            />
            <h2>
              <span aria-hidden="true">{shown === 'dms' ? '@' : '#'}</span>{' '}
              {shown === 'dms' ? server : w.channels[shown]}
            </h2>
            <p>{w.topics[shown]}</p>
            <PanelButton
              panel="people"
              icon="people"
              label={w.people}
              now={panel}
              onTurn={setPanel}
            />
          </header>
          {discord.onServer || shown === 'dms' ? (
            <Room
              key={shown}
              {...{ discord, words, language }}
              place={shown}
              bot={server}
              reader={me.name}
              onLink={follow}
              onPress={(message, label) => onAct({ action: 'discord_press', message, label })}
              onType={(command, code) =>
                onAct({ action: 'discord_type', command, ...(code && { code }) })
              }
            />
          ) : (
            <Away words={words} onBack={() => onAct({ action: 'discord_come_back' })} />
          )}
        </div>
        <People discord={discord} words={words} bot={server} />
      </div>
      {opened && (
        <Browser
          key={opened.times}
          {...opened}
          shopName={server}
          words={words}
          onIntoLine={onPhone}
          onClose={() => setOpened(null)}
        />
      )}
      {arrived && (
        <button type="button" class="dc-banner" onClick={() => show('dms')}>
          <span class="dc-face dc-face-bot">
            <NorenMark size={22} />
          </span>
          <span>
            <strong>{w.newDm(server)}</strong>
            <span>{firstWordsOf(arrived)}</span>
          </span>
        </button>
      )}
      <RoomNews member={member} words={words} />
    </>
  )
}

function PanelButton(props: {
  panel: 'channels' | 'people'
  icon: 'menu' | 'people'
  label: string
  now: string | null
  onTurn: (panel: 'channels' | 'people' | null) => void
}) {
  const open = props.now === props.panel
  return (
    <button
      type="button"
      class={`dc-icon-button dc-${props.panel}-button`}
      aria-expanded={open}
      title={props.label}
      onClick={() => props.onTurn(open ? null : props.panel)}
    >
      <Icon name={props.icon} size={22} />
      <span class="unseen">{props.label}</span>
    </button>
  )
}

function Away({ words, onBack }: { words: Words; onBack: () => void }) {
  const w = words.discord
  return (
    <div class="dc-away">
      <p>
        <strong>{w.away}</strong>
      </p>
      <p>{w.awayText}</p>
      <button type="button" class="dc-button dc-button-primary" onClick={onBack}>
        {w.comeBack}
      </button>
    </div>
  )
}

/** That a room has opened is seen in the list; who cannot see it hears it. */
function RoomNews({ member, words }: { member: boolean; words: Words }) {
  const [news, setNews] = useState('')
  const before = useRef(member)
  useEffect(() => {
    if (before.current !== member) setNews(member ? words.discord.opened : words.discord.shut)
    before.current = member
  }, [member])
  return (
    <p class="unseen" role="status">
      {news}
    </p>
  )
}

/** Who may enter the members' room: that is what the roles are for. */
function isMember({ me, members }: DemoDiscord): boolean {
  const roles = members.find(({ id }) => id === me?.id)?.roles ?? []
  return roles.includes('member') || roles.includes('premium')
}

function colours(brand: string) {
  return { '--brand': brand, '--on-brand': textColourOn(brand) } as Record<string, string>
}
