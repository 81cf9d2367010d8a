import { LineBotClient, type messagingApi } from '@line/bot-sdk'
import type { Rig } from '../../sandbox/rig.ts'
import { plainPng } from '../../support/plain-png.ts'

const SIZE = { width: 2500, height: 843 }

/** The shop's own way to LINE, for what a test wants to have said or shown. */
export function botOf({ line }: Rig): LineBotClient {
  return LineBotClient.fromChannelAccessToken({
    channelAccessToken: line.channelAccessToken,
    apiBaseURL: line.url,
    dataApiBaseURL: line.url,
  })
}

/** Makes a menu with these actions side by side, and a plain picture. Returns its id. */
export async function makeMenu(
  rig: Rig,
  chatBarText: string,
  actions: messagingApi.Action[],
): Promise<string> {
  const bot = botOf(rig)
  const width = Math.floor(SIZE.width / actions.length)
  const areas = actions.map((action, index) => ({
    bounds: { x: index * width, y: 0, width, height: SIZE.height },
    action,
  }))
  const menu = { size: SIZE, selected: true, name: chatBarText, chatBarText, areas }
  const { richMenuId } = await bot.createRichMenu(menu)
  await bot.setRichMenuImage(richMenuId, new Blob([plainPng(SIZE)], { type: 'image/png' }))
  return richMenuId
}
