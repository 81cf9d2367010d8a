export type PictureSize = { width: number; height: number }

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const JPEG_SIGNATURE = Buffer.from('ffd8', 'hex')

/**
 * Width and height in pixels as the bytes themselves say, or null when they are not a picture of
 * this content type (image/png or image/jpeg).
 */
export function pictureSize(type: string, bytes: Buffer): PictureSize | null {
  if (type === 'image/png') return pngSize(bytes)
  if (type === 'image/jpeg') return jpegSize(bytes)
  return null
}

/** The first chunk is IHDR, and begins with width and height (https://www.w3.org/TR/png-3/#11IHDR). */
function pngSize(bytes: Buffer): PictureSize | null {
  const header = bytes.length >= 24 && bytes.subarray(0, 8).equals(PNG_SIGNATURE)
  if (!header || bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Walks from segment to segment until the one that begins a frame, which holds height and width. */
function jpegSize(bytes: Buffer): PictureSize | null {
  if (!bytes.subarray(0, 2).equals(JPEG_SIGNATURE)) return null
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes.readUInt8(at + 1)
    if (startsFrame(marker))
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}

/** SOF0 to SOF15; C4, C8 and CC between them are tables and a reserved marker. */
function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}
