import type { MenuSpec } from '../../ports.ts'
import { iconNamed } from './icons.ts'
import type { Frame } from './lay-out.ts'
import { frameOf } from './menu-svg.ts'
import { readMenuPicture } from './read-picture.ts'

/** A menu's picture as LINE takes it, and how its areas lie in it. */
export type MadePicture = { frame: Frame; file: Buffer; type: 'image/png' | 'image/jpeg' }

/**
 * The shop's own picture, or one drawn here. Throws an Error that says what to do when it cannot
 * be used.
 */
export async function makePicture({ size, areas, picture }: MenuSpec): Promise<MadePicture> {
  if ('file' in picture) {
    const { file, type, width, height } = readMenuPicture(picture.file)
    // A designer knows nothing of our curtain: equal parts of the whole.
    return { frame: { width, height, rows: size === 'large' ? 2 : 1, top: 0 }, file, type }
  }
  const tiles = areas.map(({ label, icon }) => ({ label, icon: iconNamed(icon) }))
  // The renderer is large, and most processes never draw.
  const { drawMenu } = await import('./draw-menu.ts')
  const file = await drawMenu({ size, ...picture, tiles })
  return { frame: frameOf(size), file, type: 'image/png' }
}
