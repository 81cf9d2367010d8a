/** Drawn here, so that the page needs nothing from elsewhere and borrows nobody's marks. */
const line = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '1.8',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const

const PATHS = {
  shop: 'M4 10v10h16V10M3 6l1.5-3h15L21 6v2a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0zM10 20v-6h4v6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  keyboard:
    'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14.5h8',
  send: 'M4 12l16-7.5-5.5 15.5-3-6.5zM11.5 13.5L20 4.5',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  down: 'M6 9l6 6 6-6',
  up: 'M6 15l6-6 6 6',
  mail: 'M3 6.5A1.5 1.5 0 0 1 4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5zM3.5 7l8.5 6.5L20.5 7',
  add: 'M12 5v14M5 12h14',
  chat: 'M5 5h14a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 19 16h-8l-5 4v-4H5a1.5 1.5 0 0 1-1.5-1.5v-8A1.5 1.5 0 0 1 5 5z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3 19c.5-3.5 3-5 6-5s5.5 1.5 6 5M16 11a2.6 2.6 0 1 0 0-5.2M17.5 14.2c2 .5 3.2 2 3.5 4.300',
  reply: 'M4 17v-3a4 4 0 0 1 4-4h11M15 6l4 4-4 4',
  eye: 'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  out: 'M14 4h6v6M20 4l-9 9M18 13v6H5V6h6',
}

export function Icon({ name, size = 24 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...line}>
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The curtain at the shop's door: three cloths under a rod. */
export function NorenMark({ size = 24 }: { size?: number }) {
  return (
    <svg class="noren-mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        fill="currentColor"
        d="M3 6h26v2.5H3zM5 9.5h6.8V25c-2 .9-4.6.9-6.8 0zm7.8 0h6.4V25c-2 .9-4.4.9-6.4 0zm7.4 0H27V25c-2.2.9-4.8.9-6.8 0z"
      />
    </svg>
  )
}

export function Curtain() {
  return (
    <svg class="curtain" viewBox="0 0 120 30" preserveAspectRatio="none" aria-hidden="true">
      <path
        fill="currentColor"
        d="M0 0h120v5H0zM1 6h28.5v23c-9 1-20 1-28.5 0zm30 0h28v23c-9 1-19 1-28 0zm29.5 0h28v23c-9 1-19 1-28 0zm29.5 0h29v23c-9 1-20 1-29 0z"
      />
    </svg>
  )
}

export function StatusIcons() {
  return (
    <svg width="62" height="14" viewBox="0 0 62 14" aria-hidden="true" fill="currentColor">
      <path d="M0 9h3v4H0zm5-3h3v7H5zm5-3h3v10h-3zm5-3h3v13h-3z" />
      <path d="M25 4.6a10 10 0 0 1 13 0l-1.6 1.8a7.6 7.6 0 0 0-9.8 0zm2.7 3.2a6 6 0 0 1 7.6 0l-1.6 1.9a3.6 3.6 0 0 0-4.4 0zm3.8 5.2-1.6-2a2.4 2.4 0 0 1 3.2 0z" />
      <rect x="42.5" y="1.5" width="16" height="10.5" rx="3" fill="none" stroke="currentColor" />
      <rect x="44.5" y="3.5" width="12" height="6.5" rx="1.5" />
      <path d="M60 5v4c.9-.3 1.5-1.1 1.5-2s-.6-1.7-1.5-2z" />
    </svg>
  )
}
