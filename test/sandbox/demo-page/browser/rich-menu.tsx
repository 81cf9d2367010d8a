import { useEffect, useState } from 'preact/hooks'
import type { DemoMenu } from '../state.ts'
import type { OnAction } from './flex/tappable.ts'
import type { Words } from './words.ts'

type RichMenuProps = { menu: DemoMenu; words: Words; onAction: OnAction }

/**
 * The picture menu under the chat, as the shop made it: its picture, and over it the areas that can
 * be tapped. When it becomes another one, the new one comes down over the old like a curtain.
 */
export function RichMenu({ menu, words, onAction }: RichMenuProps) {
  const { shown, before } = useArrivedPicture(menu)
  const { width, height } = shown.size
  return (
    <nav
      class="rich-menu"
      aria-label={words.phone.menu}
      style={{ aspectRatio: `${width} / ${height}` }}
    >
      {before && <img class="rich-menu-before" src={before.picture} alt="" />}
      <div class={`rich-menu-face ${before ? 'rich-menu-new' : ''}`} key={shown.picture}>
        <img src={shown.picture} alt="" width={width} height={height} />
        {shown.areas.map(({ bounds, action }, index) =>
          bounds && action ? (
            <button
              type="button"
              key={index}
              aria-label={action.label ?? words.phone.menuArea(index + 1)}
              style={placeOf(bounds, shown.size)}
              onClick={() => onAction(action)}
            />
          ) : null,
        )}
      </div>
      <p class="unseen" role="status">
        {before && words.phone.menuChanged(shown.chatBarText)}
      </p>
    </nav>
  )
}

/** Until the new picture is here the old menu stays: a blank one between them would look like a fault. */
function useArrivedPicture(menu: DemoMenu): { shown: DemoMenu; before: DemoMenu | null } {
  const [shown, setShown] = useState({ shown: menu, before: null as DemoMenu | null })
  useEffect(() => {
    if (menu.richMenuId === shown.shown.richMenuId) return
    const picture = new Image()
    const turn = () => setShown((now) => ({ shown: menu, before: now.shown }))
    picture.onload = turn
    picture.onerror = turn
    picture.src = menu.picture
    return () => {
      picture.onload = picture.onerror = null
    }
  }, [menu.richMenuId])
  return shown
}

type Bounds = NonNullable<DemoMenu['areas'][number]['bounds']>

/** LINE counts in the picture's pixels; the phone shows it as wide as it is itself. */
function placeOf(bounds: Bounds, size: DemoMenu['size']) {
  const { width = 1, height = 1 } = size
  return {
    left: `${((bounds.x ?? 0) / width) * 100}%`,
    top: `${((bounds.y ?? 0) / height) * 100}%`,
    width: `${((bounds.width ?? 0) / width) * 100}%`,
    height: `${((bounds.height ?? 0) / height) * 100}%`,
  }
}
