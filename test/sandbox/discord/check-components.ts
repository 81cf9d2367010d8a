import { addressFault } from './check-embeds.ts'
import {
  collected,
  type FormFault,
  type FormFaults,
  oneOf,
  textFault,
  tooLong,
  under,
} from './form-faults.ts'

const MAX_ROWS = 5
const MAX_IN_ROW = 5
const LINK = 5
const STYLES = [1, 2, 3, 4, LINK]
const LINK_SCHEMES = ['http:', 'https:', 'discord:']

type Fields = Record<string, unknown>

/** Rows of buttons; other components are not known to this stand-in. https://docs.discord.com/developers/components/reference */
export function componentFaults(rows: readonly unknown[]): FormFaults {
  if (rows.length > MAX_ROWS) return { components: tooLong(MAX_ROWS) }
  const seen = new Set<unknown>()
  const faults = rows.map((row, i) => under(`components.${i}`, rowFaults(row as Fields, seen)))
  return Object.assign({}, ...faults)
}

function rowFaults({ type, components }: Fields, seen: Set<unknown>): FormFaults {
  if (type !== 1)
    return { type: ['UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).'] }
  if (!Array.isArray(components) || components.length < 1 || components.length > MAX_IN_ROW)
    return {
      components: ['BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${MAX_IN_ROW} in length.`],
    }
  const faults = components.map((button: Fields, i) => {
    const { custom_id } = button
    const twice = custom_id !== undefined && seen.has(custom_id)
    seen.add(custom_id)
    return under(`components.${i}`, {
      ...buttonFaults(button),
      ...(twice && { custom_id: DUPLICATE }),
    })
  })
  return Object.assign({}, ...faults)
}

const DUPLICATE: FormFault = [
  'COMPONENT_CUSTOM_ID_DUPLICATED',
  'Component custom id cannot be duplicated',
]

function buttonFaults(button: Fields): FormFaults {
  const { type, style, label, emoji, custom_id, url } = button
  if (type !== 2)
    return { type: ['UNION_TYPE_CHOICES', 'Value of field "type" must be one of (2,).'] }
  const isLink = style === LINK
  return collected({
    style: !STYLES.includes(Number(style)) && oneOf(STYLES),
    label:
      textFault(label, 80) ??
      (!String(label ?? '').trim() &&
        !emoji && [
          'BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI',
          'A button must have a label or an emoji',
        ]),
    custom_id: isLink
      ? custom_id !== undefined && [
          'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
          'A custom id and url cannot both be specified',
        ]
      : textFault(custom_id, 100, { least: 1 }),
    url: isLink
      ? (textFault(url, 512, { least: 1 }) ?? addressFault(url, LINK_SCHEMES))
      : url !== undefined && ['BUTTON_COMPONENT_INVALID_URL', 'Only a link button has a url'],
  })
}
