/** Lines on a grid of 24, all drawn with the same round pen. A dot is a line of no length. */
const ICONS = {
  shop: 'M2 4.5h20M4.5 4.5v13q2.5 1.3 5 0q2.5 1.3 5 0q2.5 1.3 5 0v-13M9.5 9.5v8M14.5 9.5v8',
  orders: 'M12 3l8 4.2v9.6L12 21l-8-4.2V7.2zM4 7.2l8 4.2 8-4.2M12 11.4V21M8 5.1l8 4.2',
  member: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20.5c.6-3.8 3.8-6 8-6s7.4 2.2 8 6',
  join: 'M10 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20.5c.6-3.8 3.5-6 7.5-6q1.5 0 2.8.4M18 14.5v6M15 17.5h6',
  card: 'M4.5 5.5h15a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM2.5 10h19M6 14.7h4.5',
  plan: 'M4 8.5h15.5M16 5l3.5 3.5L16 12M20 15.5H4.5M8 12l-3.5 3.5L8 19',
  cancel: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9l6 6M15 9l-6 6',
  receipt: 'M5.5 3.5h13v17l-2.2-1.6-2.1 1.6-2.2-1.6-2.2 1.6-2.1-1.6-2.2 1.6zM9 8.5h6M9 12.5h6',
  legal:
    'M12 3.5v17M8 20.5h8M4.5 6.5h15M5.2 6.5L2.5 13.5a2.8 2.8 0 0 0 5.4 0zM18.8 6.5l-2.7 7a2.8 2.8 0 0 0 5.4 0z',
  friend:
    'M9 11a3.6 3.6 0 1 0 0-7.2A3.6 3.6 0 0 0 9 11zM2.5 20c.5-3.6 3-5.6 6.5-5.6s6 2 6.5 5.6M15.5 4.1a3.6 3.6 0 0 1 0 6.6M17.6 14.8c2.2.7 3.5 2.5 3.9 5.2',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.3 9.6a2.75 2.75 0 1 1 4.3 2.3c-1.1.7-1.6 1.2-1.6 2.3M12 17.2v.01',
  star: 'M12 3.3l2.7 5.5 6 .9-4.4 4.2 1.1 6L12 17l-5.4 2.9 1.1-6L3.3 9.7l6-.9z',
  phone:
    'M5.2 3.8h3.3l1.7 4.3-2.2 1.6a11 11 0 0 0 6.3 6.3l1.6-2.2 4.3 1.7v3.3a1.6 1.6 0 0 1-1.7 1.6C10.7 19.9 4.1 13.3 3.6 5.5a1.6 1.6 0 0 1 1.6-1.7z',
  gift: 'M4.5 11.5h15v8a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1zM3 7.5h18v4H3zM12 7.5v13M12 7.5c-3.2 0-5-.9-5-2.5 0-2.2 4-2.3 5 2.5 1-4.8 5-4.7 5-2.5 0 1.6-1.8 2.5-5 2.5z',
  calendar:
    'M5 5.5h14a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V7A1.5 1.5 0 0 1 5 5.5zM3.5 10h17M8 3v4.5M16 3v4.5M8 14v.01M12 14v.01M16 14v.01M8 17v.01M12 17v.01',
  chat: 'M5.5 4h13a2 2 0 0 1 2 2v8.5a2 2 0 0 1-2 2H12l-4.5 4v-4h-2a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8.3 10.3v.01M12 10.3v.01M15.7 10.3v.01',
} as const

export type IconName = keyof typeof ICONS

export const ICON_NAMES = Object.keys(ICONS) as IconName[]

/** The icon of that name. Throws a RangeError that names them all. */
export function iconNamed(name: string): IconName {
  const found = ICON_NAMES.find((each) => each === name)
  if (found) return found
  throw new RangeError(`There is no icon "${name}". There are: ${ICON_NAMES.join(', ')}.`)
}

/** Path data of an icon, for an outline with a round pen on a grid of 24 by 24. */
export function pathOf(name: IconName): string {
  return ICONS[name]
}
