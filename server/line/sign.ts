import type { HTTPFetchError } from '@line/bot-sdk'
import type { Sign } from '../ports.ts'
import { type BotApi, openBotClient } from './bot-client.ts'
import { makePicture } from './menu/make-picture.ts'
import { menuKey } from './menu/menu-key.ts'
import { menuRequest } from './menu/menu-request.ts'

const OURS = /^noren ([0-9a-f]{16})$/

/**
 * LINE's rich menus (https://developers.line.biz/en/docs/messaging-api/using-rich-menus/). Each
 * call throws as `unanswered` says; `make` also what is wrong with the spec.
 */
export function openLineSign(options: BotApi): Sign {
  const ask = openBotClient(options)

  /** Gone already is gone. */
  async function remove(id: string): Promise<void> {
    await ask('richmenu delete', (line) => line.deleteRichMenu(id), ifMissing(true))
  }

  /**
   * A process that ended between making a menu and its picture leaves one that nobody can be
   * shown.
   */
  async function removeHalfMade(refusal: HTTPFetchError, id: string): Promise<boolean> {
    const halfMade = refusal.status === 400 && /image/i.test(refusal.body)
    if (halfMade) await remove(id)
    return halfMade
  }

  /** Deleted by somebody, or never finished: it has to be made again. */
  async function isGone(refusal: HTTPFetchError, id: string): Promise<false | undefined> {
    const gone = refusal.status === 404 || (await removeHalfMade(refusal, id))
    return gone ? false : undefined
  }

  async function giveOrRemove(id: string, picture: Blob): Promise<void> {
    try {
      await ask('richmenu content', (line) => line.setRichMenuImage(id, picture))
    } catch (error) {
      // What went wrong first is what counts; one that stays is removed when somebody is to see it.
      await remove(id).catch(() => {})
      throw error
    }
  }

  return {
    keyOf: menuKey,
    async make(spec) {
      const { frame, file, type } = await makePicture(spec)
      const request = menuRequest(spec, { name: `noren ${menuKey(spec)}`, frame })
      const { richMenuId } = await ask('richmenu create', (line) => line.createRichMenu(request))
      await giveOrRemove(richMenuId, new Blob([new Uint8Array(file)], { type }))
      return richMenuId
    },
    async list() {
      const { richmenus } = await ask('richmenu list', (line) => line.getRichMenuList())
      return richmenus.flatMap(({ richMenuId, name }) => {
        const key = OURS.exec(name)?.[1]
        return key ? [{ id: richMenuId, key }] : []
      })
    },
    remove,
    showToAll: (id) =>
      ask(
        'richmenu default',
        (line) => line.setDefaultRichMenu(id).then(() => true),
        (refusal) => isGone(refusal, id),
      ),
    defaultMenu: () =>
      ask('richmenu default', (line) => line.getDefaultRichMenuId().then(idOf), ifMissing(null)),
    show: (address, id) =>
      ask(
        'richmenu link',
        (line) => line.linkRichMenuIdToUser(address, id).then(() => true),
        (refusal) => isGone(refusal, id),
      ),
    shown: (address) =>
      ask(
        'richmenu of user',
        (line) => line.getRichMenuIdOfUser(address).then(idOf),
        ifMissing(null),
      ),
  }
}

function idOf({ richMenuId }: { richMenuId: string }): string {
  return richMenuId
}

function ifMissing<T>(value: T): (refusal: HTTPFetchError) => T | undefined {
  return ({ status }) => (status === 404 ? value : undefined)
}
