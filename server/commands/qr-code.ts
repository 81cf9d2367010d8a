import { writeFile } from 'node:fs/promises'
import { create, toBuffer, toString as toText } from 'qrcode'

/** M is read with 15 % of it torn off or dirty; four modules around it are what the standard asks for. */
const LOOK = { errorCorrectionLevel: 'M', margin: 4 } as const
const LEAST_PIXELS = 1_000

/** As a picture for print; returns its width in pixels. Whole pixels for each module, or edges would blur. */
export async function writePng(text: string, file: string): Promise<number> {
  const modules = create(text, LOOK).modules.size + 2 * LOOK.margin
  const scale = Math.ceil(LEAST_PIXELS / modules)
  await writeFile(file, await toBuffer(text, { ...LOOK, scale }))
  return modules * scale
}

export async function writeSvg(text: string, file: string): Promise<void> {
  await writeFile(file, await toText(text, { ...LOOK, type: 'svg' }))
}

const BLACK_ON_WHITE = '\u001b[30;107m'
const USUAL = '\u001b[0m'

/** For a terminal, black on white whatever its own colours are: not every camera reads the reverse. */
export async function drawQrCode(text: string): Promise<string> {
  const drawn = await toText(text, { ...LOOK, type: 'utf8' })
  return drawn
    .split('\n')
    .map((line) => `${BLACK_ON_WHITE}${line}${USUAL}`)
    .join('\n')
}
