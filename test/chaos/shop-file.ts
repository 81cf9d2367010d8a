import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const SAMPLE = join(import.meta.dirname, '..', '..', 'shop.config.ts')

/** The sample shop with this staff group, as a file for SHOP_CONFIG. */
export function writeShop(folder: string, staff: string | null): string {
  const file = join(folder, 'shop.config.mjs')
  const sample = JSON.stringify(pathToFileURL(SAMPLE).href)
  const line = JSON.stringify(staff ? { line: staff } : {})
  writeFileSync(file, `import shop from ${sample}\nexport default { ...shop, staff: ${line} }\n`)
  return file
}
