import type { ComponentChildren } from 'preact'
import { localized } from '../../../../shared/language.ts'
import { formatMoney } from '../../../../shared/money.ts'
import type { DemoState } from '../state.ts'
import { Scrollable } from './scrollable.tsx'
import type { PageLanguage, Words } from './words.ts'

type TablesProps = {
  rows: DemoState['rows']
  roles: DemoState['shop']['roles']
  words: Words
  language: PageLanguage
}

/** Noren's own rows, small: what it has heard, what it knows, what it says, and what is left to do. */
export function Tables(props: TablesProps) {
  return (
    <section class="tables" aria-label={props.words.tables.heading}>
      <Events {...props} />
      <Orders {...props} />
      <Deliveries {...props} />
      <Members {...props} />
      <Jobs {...props} />
    </section>
  )
}

function Events({ rows, words }: TablesProps) {
  const w = words.tables
  return (
    <Table name="events" heading={w.events} count={rows.events.length} empty={w.none}>
      {rows.events.map((event) => (
        <Row key={event.id} marks={event.outcome ?? ''}>
          <td title={event.type} class={`from-${event.source}`}>
            {event.type.replace(/^checkout\.session\./, '')}
          </td>
          <td class="mark">
            <Pill look={event.outcome ?? 'open'}>{words.outcome[event.outcome ?? 'open']}</Pill>
          </td>
        </Row>
      ))}
    </Table>
  )
}

function Orders({ rows, words, language }: TablesProps) {
  const w = words.tables
  return (
    <Table name="orders" heading={w.orders} count={rows.orders.length} empty={w.none}>
      {rows.orders.map((order) => (
        <Row key={order.id} marks={`${order.status} ${order.refunded}`}>
          <td title={order.account_id ? order.id : w.noOwner}>{order.number}</td>
          <td class="amount">{formatMoney(order.amount, order.currency, language)}</td>
          <td class="mark">
            <Pill look={order.status}>{words.orderStatus[order.status]}</Pill>
          </td>
        </Row>
      ))}
    </Table>
  )
}

function Deliveries({ rows, words }: TablesProps) {
  const w = words.tables
  return (
    <Table name="deliveries" heading={w.deliveries} count={rows.deliveries.length} empty={w.none}>
      {rows.deliveries.map((delivery) => (
        <Row key={delivery.id} marks={`${delivery.state} ${delivery.attempts}`}>
          <td>{words.deliveryKind[delivery.kind]}</td>
          <td class="amount">{delivery.attempts > 1 && w.attempts(delivery.attempts)}</td>
          <td class="mark">
            <Pill look={delivery.state}>{words.deliveryState[delivery.state]}</Pill>
          </td>
        </Row>
      ))}
    </Table>
  )
}

function Members({ rows, roles, words, language }: TablesProps) {
  const w = words.tables
  return (
    <Table name="memberships" heading={w.members} count={rows.members.length} empty={w.none}>
      {rows.members.map(({ accounts, name, role, since, status, cancel_at }) => {
        const title = roles.find(({ id }) => id === role)?.title ?? words.guest
        const look = cancel_at && status !== 'canceled' ? 'leaving' : (status ?? 'open')
        return (
          <Row key={accounts} marks={`${role} ${look}`}>
            <td title={`${accounts}, ${since}`}>
              {name} · {localized(title, language)}
            </td>
            <td class="mark">
              <Pill look={look}>{words.subscriptionStatus[look] ?? look}</Pill>
            </td>
          </Row>
        )
      })}
    </Table>
  )
}

function Jobs({ rows, words }: TablesProps) {
  const w = words.tables
  return (
    <Table name="jobs" heading={w.jobs} count={rows.jobs.length} empty={w.noJobs}>
      {rows.jobs.map((job) => (
        <Row key={job.id} marks={`${job.attempts}`}>
          <td title={job.error ?? undefined}>{words.jobKind[job.kind]}</td>
          <td class="mark">
            <Pill look={job.attempts > 1 ? 'waiting' : 'open'}>{w.attempts(job.attempts)}</Pill>
          </td>
        </Row>
      ))}
    </Table>
  )
}

function Table(props: {
  name: string
  heading: string
  count: number
  empty: string
  children: ComponentChildren
}) {
  const id = `table-${props.name}`
  return (
    <section class="table card" aria-labelledby={id}>
      <header class="card-header">
        <h2 id={id}>
          {props.heading} {props.heading.toLowerCase() !== props.name && <code>{props.name}</code>}
        </h2>
        <span class="count">{props.count}</span>
      </header>
      <Scrollable class="table-rows" role="group" label={props.heading}>
        {props.count === 0 ? (
          <p class="table-empty">{props.empty}</p>
        ) : (
          <table aria-labelledby={id}>
            <tbody>{props.children}</tbody>
          </table>
        )}
      </Scrollable>
    </section>
  )
}

/** A row that is new or has changed is drawn anew, and so flashes once. */
function Row({ marks, children }: { marks: string; children: ComponentChildren }) {
  return (
    <tr key={marks} class="fresh">
      {children}
    </tr>
  )
}

function Pill({ look, children }: { look: string; children: ComponentChildren }) {
  return <span class={`pill pill-${look}`}>{children}</span>
}
