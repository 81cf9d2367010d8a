import { Locale } from 'discord-api-types/v10'
import {
  collected,
  type FormFault,
  type FormFaults,
  oneOf,
  REQUIRED,
  textFault,
  under,
} from './form-faults.ts'

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u
const LOCALES: readonly string[] = Object.values(Locale)
const MAX_OPTIONS = 25
const MAX_CHARACTERS = 8_000

type Fields = Record<string, unknown>

/** What Discord would say of a slash command, or of one of its options; empty for a good one. */
export function commandFaults(command: Fields): FormFaults {
  const { type = 1, options } = command
  if (type !== 1) return { type: oneOf([1]) }
  const size = JSON.stringify([command['name'], command['description'], options ?? []]).length
  return {
    ...namedFaults(command),
    ...(size > MAX_CHARACTERS && {
      '': ['APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${MAX_CHARACTERS})`],
    }),
    ...(options === undefined ? {} : optionFaults(options)),
  } as FormFaults
}

function namedFaults(fields: Fields): FormFaults {
  const { name, description } = fields
  return {
    ...collected({ name: nameFault(name), description: textFault(description, 100, { least: 1 }) }),
    ...localised(fields, 'name_localizations', nameFault),
    ...localised(fields, 'description_localizations', (text) => textFault(text, 100, { least: 1 })),
  }
}

/** Where a letter has a lower case, that is the one to use. */
function nameFault(name: unknown): FormFault | null {
  if (name === undefined || name === null) return REQUIRED
  if (typeof name === 'string' && NAME.test(name) && name === name.toLowerCase()) return null
  return [
    'APPLICATION_COMMAND_INVALID_NAME',
    'Command name is invalid: lower case, no blanks, 1 to 32 characters',
  ]
}

function localised(
  fields: Fields,
  field: string,
  fault: (text: unknown) => FormFault | null,
): FormFaults {
  const found = Object.entries((fields[field] ?? {}) as Fields).map(([locale, text]) => [
    `${field}.${locale}`,
    LOCALES.includes(locale) ? text !== null && fault(text) : oneOf(LOCALES),
  ])
  return collected(Object.fromEntries(found))
}

function optionFaults(options: unknown): FormFaults {
  if (!Array.isArray(options))
    return { options: ['LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType'] }
  if (options.length > MAX_OPTIONS)
    return { options: ['BASE_TYPE_MAX_LENGTH', `Must be ${MAX_OPTIONS} or fewer in length.`] }
  const faults = options.map((option: Fields, i) => {
    const late = option['required'] === true && options.slice(0, i).some((o) => !o.required)
    const twice = options.findIndex(({ name }) => name === option['name']) !== i
    return under(`options.${i}`, {
      ...namedFaults(option),
      ...collected({
        type: ![3, 4, 5, 6, 7, 8, 9, 10, 11].includes(Number(option['type'])) && oneOf([3, 4, 5]),
        name: twice && [
          'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
          'Option name already exists',
        ],
        required: late && [
          'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
          'Required options must be placed before non-required options',
        ],
      }),
    })
  })
  return Object.assign({}, ...faults)
}
