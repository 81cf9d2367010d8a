import type { messagingApi } from '@line/bot-sdk'
import type { MenuArea, MenuSpec } from '../../ports.ts'
import { cutTo } from './break-lines.ts'
import { type Frame, layOut } from './lay-out.ts'
import { MOST_LABEL } from './menu-svg.ts'

/** LINE's limit for the bar below the chat that opens the menu. */
const MOST_BAR = 14

/**
 * What LINE is asked to make
 * (https://developers.line.biz/en/reference/messaging-api/#create-rich-menu).
 */
export function menuRequest(
  spec: MenuSpec,
  { name, frame }: { name: string; frame: Frame },
): messagingApi.RichMenuRequest {
  const boxes = layOut(frame, spec.areas.length)
  return {
    size: { width: frame.width, height: frame.height },
    selected: true,
    name,
    chatBarText: cutTo(spec.bar, MOST_BAR),
    areas: spec.areas.map((area, at) => ({ bounds: boxes[at] ?? {}, action: actionOf(area) })),
  }
}

/** The label is what a screen reader speaks: the picture says nothing to it. */
function actionOf({ label, action }: MenuArea): messagingApi.Action {
  return { ...action, label: cutTo(label, MOST_LABEL) }
}
