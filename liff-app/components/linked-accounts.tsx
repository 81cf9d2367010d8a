import { useEffect, useRef, useState } from 'preact/hooks'
import type { CodeResponse, LinkedAccount, Person } from '../../shared/api.ts'
import { api } from '../api.ts'
import { useInner } from '../app-context.ts'
import { asBuyer, askAgainWhoIsBuying, whoIsBuying } from '../session.ts'
import { useJoinCode } from '../use-join-code.ts'
import { usePolling } from '../use-polling.ts'
import { CopyCode } from './copy-code.tsx'
import { ProblemNotice } from './problem-notice.tsx'

/** In which chats this person is, and how one more comes to it, gives way to another, or leaves. */
export function LinkedAccounts({ whenOther }: { whenOther: () => void }) {
  const { boot } = useInner()
  const [person, setPerson] = useState<Person | null>(null)
  useEffect(() => {
    whoIsBuying().then(setPerson, () => {}) // What they came for says when nobody could be recognised.
  }, [])
  const hasNews = person && (boot.shop.discord !== null || person.accounts.length > 1)
  const change = (now: Person) => {
    if (person && namesOf(now) !== namesOf(person)) whenOther()
    setPerson(now)
  }
  return hasNews ? <Linked person={person} onChange={change} /> : null
}

type Doing = 'nothing' | 'asking' | 'leaving'

export function Linked({
  person,
  onChange,
}: {
  person: Person
  onChange: (person: Person) => void
}) {
  const { boot, texts } = useInner()
  const words = texts.accounts
  const [code, setCode] = useJoinCode()
  const [doing, setDoing] = useState<Doing>('nothing')
  const [error, setError] = useState<unknown>(null)
  const { channel, accounts } = person
  const isOn = (chat: LinkedAccount['channel']) => accounts.some((each) => each.channel === chat)
  const learn = () =>
    askAgainWhoIsBuying().then((now) => {
      // The code was typed and said yes to, over there.
      if (namesOf(now) !== namesOf(person)) setCode(null)
      onChange(now)
    })
  usePolling(code !== null, learn)
  const makeCode = () => asBuyer(api.makeCode).then(setCode, setError)
  const leave = () => {
    setDoing('leaving')
    asBuyer(api.leaveAccounts)
      .then(learn)
      .catch(setError)
      .finally(() => setDoing('nothing'))
  }
  const invite = boot.shop.discord?.invite
  return (
    <section class="linked" aria-labelledby="linked">
      <h2 id="linked">{words.section}</h2>
      <ul class="card">
        {accounts.map(({ channel, name }) => (
          <li key={channel} class="chat">
            <span>{words.channels[channel]}</span>
            <span dir="auto">{name ?? words.unnamed}</span>
          </li>
        ))}
      </ul>
      {error !== null && <ProblemNotice error={error} retry={() => setError(null)} />}
      {code && <Code code={code} />}
      {doing !== 'nothing' && (
        <Parting going={doing === 'leaving'} leave={leave} stay={() => setDoing('nothing')} />
      )}
      {!code && doing === 'nothing' && (
        <div class="actions">
          {boot.shop.discord && (
            <button type="button" class="button small" onClick={makeCode}>
              {isOn('discord') ? words.move : words.connect}
            </button>
          )}
          {channel === 'line' && isOn('discord') && (
            <button type="button" class="button small" onClick={() => setDoing('asking')}>
              {words.leave}
            </button>
          )}
          {invite && (
            <a class="button small" href={invite} target="_blank" rel="noreferrer">
              {words.invite}
            </a>
          )}
        </div>
      )}
      {channel === 'discord' && (
        <p class="aside">{isOn('line') ? words.leaveThere : words.connectThere}</p>
      )}
    </section>
  )
}

const namesOf = ({ accounts }: Person) => JSON.stringify(accounts)

/** What to type in Discord; this page sees by itself when it was. */
function Code({ code }: { code: CodeResponse }) {
  const words = useInner().texts.accounts
  return (
    <div class="card typing">
      <p>{words.codeText}</p>
      <p class="command">{words.typed(code.code)}</p>
      <CopyCode name={words.code} value={code.code} />
      <p class="aside">{words.codeNote}</p>
    </div>
  )
}

function Parting(props: { going: boolean; leave: () => void; stay: () => void }) {
  const words = useInner().texts.accounts
  const stay = useRef<HTMLButtonElement>(null)
  // The button that was pressed is gone: without this the focus would be nowhere, and the question unheard.
  useEffect(() => stay.current?.focus(), [])
  return (
    <div class="notice" role="alertdialog" aria-labelledby="parting" aria-describedby="parts">
      <h3 id="parting" class="parting">
        {words.leaveTitle}
      </h3>
      <p id="parts">{words.leaveText}</p>
      <div class="actions">
        <button
          type="button"
          class="button small"
          aria-disabled={props.going}
          onClick={() => !props.going && props.leave()}
        >
          {props.going && <span class="spinner" aria-hidden="true" />}
          {words.leaveYes}
        </button>
        <button ref={stay} type="button" class="button small" onClick={props.stay}>
          {words.leaveNo}
        </button>
      </div>
    </div>
  )
}
