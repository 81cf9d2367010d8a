import type { OrderStatus } from '../../shared/api.ts'

/** A stamp above the words: a tick when it is done, a clock while it is not, a dash when it will not be. */
export function Seal({ status }: { status: OrderStatus }) {
  return (
    <svg class={`seal ${status}`} viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="32" cy="32" r="29" />
      <path d={markOf(status)} />
    </svg>
  )
}

function markOf(status: OrderStatus): string {
  if (status === 'paid') return 'M20 33l8.5 8.5L45 24'
  if (status === 'awaiting_payment') return 'M32 17v16l10 7'
  return 'M21 32h22'
}
