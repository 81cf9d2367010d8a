import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readMenuPicture } from './line/menu/read-picture.ts'
import type { ShopConfig } from './shop/define-shop.ts'
import type { OwnPictures } from './signs/menu-spec.ts'

/** The pictures that the shop file names for its menus, from beside that file; what is wrong with one is a fault. */
export function readPictures(shop: ShopConfig, folder: string, faults: string[]): OwnPictures {
  const pictures = new Map<string, { file: Buffer; type: 'image/png' | 'image/jpeg' }>()
  const roles = Array.isArray(shop.roles) ? shop.roles : []
  for (const { id, menu } of roles)
    if (menu?.picture)
      try {
        const { file, type } = readMenuPicture(readFileSync(resolve(folder, menu.picture)))
        pictures.set(menu.picture, { file, type })
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        faults.push(
          `shop.config roles.${id}.menu.picture: ${menu.picture} cannot be used (${reason})`,
        )
      }
  return pictures
}
