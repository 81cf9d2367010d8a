export type PictureFile = {
  file: Buffer
  type: 'image/png' | 'image/jpeg'
  width: number
  height: number
}

/** LINE says 1 MB, and not which one: the smaller is safe. */
export const MOST_BYTES = 1_000_000

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const HOW =
  'Save it as PNG or JPEG of 2500 x 1686 (large) or 2500 x 843 pixels (compact), below 1 MB.'

/**
 * A shop's own picture, judged by LINE's rules for rich menus
 * (https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image). By its bytes,
 * not by its name. Throws an Error that says what to do.
 */
export function readMenuPicture(file: Buffer): PictureFile {
  const picture = readPng(file) ?? readJpeg(file)
  if (!picture) throw new Error(`The rich menu's picture is neither a PNG nor a JPEG. ${HOW}`)
  const { width, height } = picture
  const is = `The rich menu's picture has ${width} x ${height} pixels`
  if (width < 800 || width > 2500)
    throw new Error(`${is}; LINE takes a width of 800 to 2500. ${HOW}`)
  if (height < 250) throw new Error(`${is}; LINE takes a height of 250 or more. ${HOW}`)
  if (width / height < 1.45)
    throw new Error(`${is}; LINE takes one at least 1.45 times as wide as high. ${HOW}`)
  if (file.length > MOST_BYTES)
    throw new Error(`The rich menu's picture has ${file.length} bytes; LINE takes 1 MB. ${HOW}`)
  return picture
}

function readPng(file: Buffer): PictureFile | null {
  if (!file.subarray(0, 8).equals(PNG) || file.length < 24) return null
  return { file, type: 'image/png', width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
}

/** A JPEG is a row of segments; the one that starts a frame (SOF) knows how large it is. */
function readJpeg(file: Buffer): PictureFile | null {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return null
  let at = 2
  while (at + 9 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1] ?? 0
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (startsFrame) {
      const [height, width] = [file.readUInt16BE(at + 5), file.readUInt16BE(at + 7)]
      return { file, type: 'image/jpeg', width, height }
    }
    // Bytes of 0xff may stand between two segments to fill up.
    at += marker === 0xff ? 1 : 2 + file.readUInt16BE(at + 2)
  }
  return null
}
