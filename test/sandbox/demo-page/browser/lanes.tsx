import type { Happening } from '../../types.ts'

type Actor = Happening['from']

/** Left to right as an order travels: the buyer, a chat, Noren, Stripe; the shop hears of it at the end. */
export const LANES: Actor[] = ['buyer', 'line', 'discord', 'noren', 'stripe', 'shop']
const LANE = 36

/** One row of the timeline's diagram: the arrow from one lane to the other; the lanes are its background. */
export function Lanes(props: { from: Actor; to: Actor; label: string; failed: boolean }) {
  const from = centre(props.from)
  const to = centre(props.to)
  const direction = Math.sign(to - from)
  const width = LANE * LANES.length
  return (
    <svg
      class={`lanes actor-${props.from} ${props.failed ? 'lanes-failed' : ''}`}
      viewBox={`0 0 ${width} 44`}
      role="img"
      aria-label={props.label}
    >
      {direction === 0 ? (
        <circle class="lane-self" cx={from} cy="22" r="7" />
      ) : (
        <>
          <line class="arrow" x1={from} x2={to - direction * 7} y1="22" y2="22" />
          <path class="arrow-head" d={`M${to - direction} 22l${-direction * 9}-5v10z`} />
        </>
      )}
      <circle class="lane-start" cx={from} cy="22" r="4.5" />
    </svg>
  )
}

function centre(actor: Actor): number {
  return (LANES.indexOf(actor) + 0.5) * LANE
}
