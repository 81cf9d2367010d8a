import { createHash } from 'node:crypto'
import type { MenuSpec } from '../../ports.ts'

/**
 * How the drawn picture looks. Another number makes every drawn menu anew at LINE: raise it when
 * the template changes.
 */
const TEMPLATE = 1

/**
 * 16 hex characters that stand for the spec's content: the same for the same content in every
 * process, whatever the order of its properties. A drawn picture counts with its template, a file
 * with its bytes.
 */
export function menuKey(spec: MenuSpec): string {
  const { picture } = spec
  const seen =
    'file' in picture ? { file: sha256(picture.file) } : { template: TEMPLATE, ...picture }
  return sha256(canonical({ ...spec, picture: seen })).slice(0, 16)
}

/** JSON with the properties of each object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  )
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
