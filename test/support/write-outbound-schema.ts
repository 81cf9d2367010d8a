import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { webhookSchema } from '../../shared/webhooks.ts'

/** `node test/support/write-outbound-schema.ts`, after a change of shared/webhooks.ts. */
export const SCHEMA_FILE = join(import.meta.dirname, '..', '..', 'docs', 'outbound.schema.json')

export function schemaText(): string {
  return `${JSON.stringify(webhookSchema(), null, 2)}\n`
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, schemaText())
