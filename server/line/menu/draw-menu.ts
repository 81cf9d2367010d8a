import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { menuFonts } from './fonts.ts'
import { type MenuPicture, menuSvg } from './menu-svg.ts'
import { MOST_BYTES } from './read-picture.ts'

const require = createRequire(import.meta.url)

let ready: Promise<void> | null = null

/**
 * The PNG of a rich menu, 2500 x 1686 (large) or 2500 x 843 (compact) and below LINE's 1 MB. The
 * same picture gives the same bytes on every machine: the renderer is WebAssembly, and the fonts
 * are ours. Throws as `menuSvg` does.
 */
export async function drawMenu(picture: MenuPicture): Promise<Buffer> {
  const svg = menuSvg(picture)
  // A process may start it once only, and most never draw.
  ready ??= initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')))
  await ready
  const resvg = new Resvg(svg, { font: { fontBuffers: menuFonts().map(({ file }) => file) } })
  try {
    const rendered = resvg.render()
    try {
      const png = Buffer.from(rendered.asPng())
      if (png.length < MOST_BYTES) return png
      throw new Error(`The drawn rich menu has ${png.length} bytes; LINE takes ${MOST_BYTES}.`)
    } finally {
      rendered.free()
    }
  } finally {
    resvg.free()
  }
}
