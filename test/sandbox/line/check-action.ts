import {
  address,
  checkProperties,
  fault,
  isObject,
  label,
  type MessageFault,
  mustBeOneOf,
  oneOf,
  type Rule,
  text,
} from './check-values.ts'

type ActionSpec = { required: string[]; rules: Record<string, Rule> }

const LINK = address(1000, 'http:', 'https:', 'line:', 'tel:')

const ACTIONS: Record<string, ActionSpec> = {
  uri: { required: ['uri'], rules: { uri: LINK, altUri: checkAltUri } },
  message: { required: ['text'], rules: { text: label(300) } },
  postback: {
    required: ['data'],
    rules: {
      data: text(1, 300),
      displayText: label(300),
      text: label(300),
      inputOption: oneOf('closeRichMenu', 'openRichMenu', 'openKeyboard', 'openVoice'),
      fillInText: text(1, 300),
    },
  },
  clipboard: { required: ['clipboardText'], rules: { clipboardText: text(1, 1000) } },
  datetimepicker: {
    required: ['data', 'mode'],
    rules: {
      data: text(1, 300),
      mode: oneOf('date', 'time', 'datetime'),
      initial: text(1, 16),
      max: text(1, 16),
      min: text(1, 16),
    },
  },
}

function checkAltUri(value: unknown): string | undefined {
  return isObject(value) ? LINK(value['desktop']) : 'must be an object'
}

/** `labelled`: this place shows the label (a button), so there must be one, of at most `max` characters. */
export function checkAction(
  value: unknown,
  at: string,
  { labelled = false, max = 40 }: { labelled?: boolean; max?: number } = {},
): MessageFault[] {
  if (!isObject(value)) return [fault(at, 'must be an object')]
  const spec = Object.entries(ACTIONS).find(([type]) => type === value['type'])?.[1]
  if (!spec) return [fault(`${at}.type`, mustBeOneOf(Object.keys(ACTIONS)))]
  const required = labelled ? ['label', ...spec.required] : spec.required
  return checkProperties(value, at, { ...spec.rules, label: label(max) }, { required })
}
