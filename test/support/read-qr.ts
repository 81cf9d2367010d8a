import { inflateSync } from 'node:zlib'

/** Dark or light, module by module, row by row: with the white around it. */
export type Modules = boolean[][]

const RGBA = 4

/** A PNG of eight bits for each of four colours, of which every module is a square of whole pixels. */
export function modulesOfPng(bytes: Buffer, modules: number): Modules {
  const width = bytes.readUInt32BE(16)
  const pixels = unfiltered(inflateSync(dataOf(bytes)), width * RGBA)
  const square = width / modules
  const isDark = (row: number, column: number) => {
    const [x, y] = [column, row].map((at) => Math.floor((at + 0.5) * square)) as [number, number]
    return (pixels[y]?.[x * RGBA] ?? 255) < 128
  }
  return squareOf(modules, isDark)
}

/** An SVG of strokes, one module high each, as the library writes it. */
export function modulesOfSvg(svg: string, modules: number): Modules {
  const [, path = ''] = /stroke="#000000" d="([^"]+)"/.exec(svg) ?? []
  const dark = new Set<string>()
  let [x, y] = [0, 0]
  for (const [, command, first, second] of path.matchAll(/([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))]
    else if (command === 'm') [x, y] = [x + Number(first), y + Number(second)]
    else for (const end = x + Number(first); x < end; x++) dark.add(`${x} ${y}`)
  }
  return squareOf(modules, (row, column) => dark.has(`${column} ${row}`))
}

/** Two rows to a line of text: the upper and the lower half of each character. */
export function modulesOfText(text: string, modules: number): Modules {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours are what is taken away
  const lines = text.replace(/\u001b\[[\d;]*m/g, '').split('\n')
  return squareOf(modules, (row, column) => {
    const half = row % 2 === 0 ? '█▀' : '█▄'
    return half.includes(lines[Math.floor(row / 2)]?.[column] || '?')
  })
}

function squareOf(size: number, isDark: (row: number, column: number) => boolean): Modules {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => isDark(row, column)),
  )
}

function dataOf(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return Buffer.concat(parts)
}

/** Each row says how it was filtered (https://www.w3.org/TR/png-3/#9Filters). */
function unfiltered(data: Buffer, stride: number): Uint8Array[] {
  const rows: Uint8Array[] = []
  for (let start = 0; start < data.length; start += stride + 1) {
    const row = Uint8Array.from(data.subarray(start + 1, start + 1 + stride))
    const above = rows.at(-1)
    for (let at = 0; at < stride; at++) {
      const [left, up, corner] = [
        at < RGBA ? 0 : (row[at - RGBA] ?? 0),
        above?.[at] ?? 0,
        at < RGBA ? 0 : (above?.[at - RGBA] ?? 0),
      ]
      row[at] = (row[at] ?? 0) + predicted(data[start] ?? 0, left, up, corner)
    }
    rows.push(row)
  }
  return rows
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return [0, left, up][filter] ?? 0
  const guess = left + up - corner
  const [byLeft, byUp, byCorner] = [left, up, corner].map((each) => Math.abs(guess - each)) as [
    number,
    number,
    number,
  ]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}
