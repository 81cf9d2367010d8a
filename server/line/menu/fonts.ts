import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Font, readFont } from './read-font.ts'

const require = createRequire(import.meta.url)

let held: readonly Font[] | null = null

/**
 * The fonts of a menu's picture, read once: Japanese (with Latin, Greek, and most of traditional
 * Chinese) and Thai. They come with us, so a picture is the same on every machine.
 */
export function menuFonts(): readonly Font[] {
  held ??= [
    fontFrom('BIZ UDPGothic', 'biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf', 1),
    fontFrom('Noto Sans Thai', 'noto-sans-thai/700Bold/NotoSansThai_700Bold.ttf', 1.16),
  ]
  return held
}

function fontFrom(family: string, path: string, scale: number): Font {
  return readFont(family, readFileSync(require.resolve(`@expo-google-fonts/${path}`)), scale)
}
