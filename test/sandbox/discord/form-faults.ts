import { type Answer, refuse } from './answer.ts'

/** What is wrong with one field: Discord's code for it, and its words. */
export type FormFault = readonly [code: string, words: string]
/** By where it is, with dots between, such as `embeds.0.fields.1.value`; '' is the form itself. */
export type FormFaults = Record<string, FormFault>

export const REQUIRED: FormFault = ['BASE_TYPE_REQUIRED', 'This field is required']

export function tooLong(most: number): FormFault {
  return ['BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`]
}

export function oneOf(allowed: readonly unknown[]): FormFault {
  return ['BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`]
}

/** 400 with the faults nested as the form is (https://docs.discord.com/developers/reference#error-messages). */
export function invalidForm(faults: FormFaults): Answer {
  const errors: Record<string, unknown> = {}
  for (const [place, [code, message]] of Object.entries(faults)) {
    let at = errors
    for (const step of place.split('.').filter(Boolean)) {
      at[step] ??= {}
      at = at[step] as Record<string, unknown>
    }
    at['_errors'] = [...((at['_errors'] as object[]) ?? []), { code, message }]
  }
  return refuse(400, 50035, 'Invalid Form Body', errors)
}

/**
 * Whether a text is too long, or missing. Counted in UTF-16 units, without the blanks around it: Discord does not
 * say how it counts, and no way is stricter.
 */
export function textFault(
  value: unknown,
  most: number,
  { least = 0 }: { least?: number } = {},
): FormFault | null {
  if (value === undefined || value === null) return least > 0 ? REQUIRED : null
  if (typeof value !== 'string') return ['STRING_TYPE_CONVERT', 'Could not interpret as string.']
  const { length } = value.trim()
  if (length < least) return REQUIRED
  return length > most ? tooLong(most) : null
}

/** Those that are faults, under their places. */
export function collected(found: Record<string, FormFault | null | false>): FormFaults {
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault)) as FormFaults
}

/** The same faults one level deeper. */
export function under(place: string, faults: FormFaults): FormFaults {
  return Object.fromEntries(
    Object.entries(faults).map(([key, fault]) => [key === '' ? place : `${place}.${key}`, fault]),
  )
}
