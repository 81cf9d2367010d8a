/** What the template needs to know of a font, in parts of its size. */
export type Font = {
  family: string
  file: Buffer
  /**
   * Letters of some scripts are small in their square: drawn so many times as large, they match
   * the others.
   */
  scale: number
  /** How wide the character is when drawn so; undefined: the font has no such character. */
  advance(codePoint: number): number | undefined
}

/**
 * Reads which characters a TrueType font has and how wide each is
 * (https://learn.microsoft.com/typography/opentype/spec/otff). Throws a RangeError for other files.
 */
export function readFont(family: string, file: Buffer, scale: number): Font {
  const table = tablesOf(file)
  const perEm = file.readUInt16BE(table('head') + 18)
  const measured = file.readUInt16BE(table('hhea') + 34)
  const widths = table('hmtx')
  const glyphs = glyphsOf(file, table('cmap'))
  return {
    family,
    file,
    scale,
    advance(codePoint) {
      const glyph = glyphs.get(codePoint)
      if (glyph === undefined) return undefined
      // Those behind the last measured one are all as wide as it is.
      return (scale * file.readUInt16BE(widths + 4 * Math.min(glyph, measured - 1))) / perEm
    },
  }
}

function tablesOf(file: Buffer): (tag: string) => number {
  const offsets = new Map<string, number>()
  const count = file.readUInt16BE(4)
  for (let at = 12; at < 12 + 16 * count; at += 16)
    offsets.set(file.toString('latin1', at, at + 4), file.readUInt32BE(at + 8))
  return (tag) => {
    const offset = offsets.get(tag)
    if (offset === undefined) throw new RangeError(`not a TrueType font: no table ${tag}`)
    return offset
  }
}

/** Characters to glyphs; glyph 0 is the box that stands for what is missing. */
function glyphsOf(file: Buffer, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>()
  const count = file.readUInt16BE(cmap + 2)
  for (let each = 0; each < count; each++) {
    const at = cmap + file.readUInt32BE(cmap + 8 + 8 * each)
    const format = file.readUInt16BE(at)
    if (format === 4) readSegments(file, at, glyphs)
    if (format === 12) readGroups(file, at, glyphs)
  }
  return glyphs
}

/** Format 4: what Unicode had at first, in segments. */
function readSegments(file: Buffer, at: number, glyphs: Map<number, number>): void {
  const twice = file.readUInt16BE(at + 6)
  for (let each = 0; each < twice; each += 2) {
    const last = file.readUInt16BE(at + 14 + each)
    const first = file.readUInt16BE(at + 16 + twice + each)
    const delta = file.readUInt16BE(at + 16 + 2 * twice + each)
    const place = at + 16 + 3 * twice + each
    const range = file.readUInt16BE(place)
    for (let code = first; code <= last && code < 0xffff; code++) {
      const listed = range === 0 ? code : file.readUInt16BE(place + range + 2 * (code - first))
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) glyphs.set(code, glyph)
    }
  }
}

/** Format 12: all of Unicode, in groups. */
function readGroups(file: Buffer, at: number, glyphs: Map<number, number>): void {
  const count = file.readUInt32BE(at + 12)
  for (let group = at + 16; group < at + 16 + 12 * count; group += 12) {
    const first = file.readUInt32BE(group)
    const last = file.readUInt32BE(group + 4)
    const glyph = file.readUInt32BE(group + 8)
    for (let code = first; code <= last; code++) glyphs.set(code, glyph + code - first)
  }
}
