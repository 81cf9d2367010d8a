import { useEffect, useRef, useState } from 'preact/hooks'
import { type Tap, whatTapDoes } from './follow-link.ts'
import { Icon } from './icons.tsx'
import type { Words } from './words.ts'

type SheetProps = {
  url: string
  shop: { url: string; liffId: string; name: string }
  words: Words
  onTap: (tap: Tap) => void
  onClose: () => void
}

/**
 * The full-height sheet in which LINE opens a LIFF app, with its title bar. Inside it the real app
 * runs in a frame; what only LINE could do with a tap (add a friend, close) is done from out here.
 */
export function Sheet({ url, shop, words, onTap, onClose }: SheetProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  const closeButton = useRef<HTMLButtonElement>(null)
  const [title, setTitle] = useState(shop.name)
  const [atShop, setAtShop] = useState(true)
  const [loading, setLoading] = useState(true)

  useFocusInside(closeButton)
  useEffect(() => setLoading(true), [url])
  useEffect(() => {
    const timer = setInterval(look, 500)
    return () => clearInterval(timer)
  }, [words])

  function look() {
    setTitle(titleOf(frame.current, words))
    setAtShop(pageIn(frame.current) !== null)
  }

  function opened() {
    setLoading(false)
    look()
    listenInside(frame.current, shop, onTap, onClose)
  }

  return (
    <section
      class="sheet"
      aria-label={words.phone.sheet}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header class="sheet-bar">
        <div class="sheet-title">
          <strong>{title || shop.name}</strong>
          <span>{atShop ? new URL(url).host : words.phone.payPageHost}</span>
        </div>
        <button type="button" class="icon-button" ref={closeButton} onClick={onClose}>
          <Icon name="close" />
          <span class="unseen">{words.phone.close}</span>
        </button>
      </header>
      <div class={`sheet-progress ${loading ? 'sheet-loading' : ''}`} />
      <iframe ref={frame} src={url} title={title || words.phone.sheet} onLoad={opened} />
    </section>
  )
}

/** Focus goes in with the sheet and back to where it was with its end, or the keyboard would start over. */
function useFocusInside(target: { current: HTMLElement | null }) {
  useEffect(() => {
    const before = document.activeElement
    target.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
}

/** null for a page of another origin, which the stand-in's pay page is. */
function pageIn(frame: HTMLIFrameElement | null): Document | null {
  try {
    return frame?.contentDocument ?? null
  } catch {
    return null
  }
}

function titleOf(frame: HTMLIFrameElement | null, words: Words): string {
  const page = pageIn(frame)
  return page ? page.title : words.phone.payPage
}

function listenInside(
  frame: HTMLIFrameElement | null,
  shop: { url: string; liffId: string },
  onTap: (tap: Tap) => void,
  onClose: () => void,
) {
  const page = pageIn(frame)
  const view = page?.defaultView
  if (!page || !view) return
  // Only what LINE itself would take over is taken over; all other links stay the app's own.
  const takeOver = (link: string): boolean => {
    const tap = whatTapDoes(link, shop)
    const ours = tap?.kind === 'add_friend' || new URL(link, shop.url).hostname === 'liff.line.me'
    if (tap && ours) onTap(tap)
    return ours
  }
  page.addEventListener(
    'click',
    (event) => {
      const link = (event.target as Element | null)?.closest?.('a[href]')
      if (
        link instanceof (view as never as typeof globalThis).HTMLAnchorElement &&
        takeOver(link.href)
      )
        event.preventDefault()
    },
    { capture: true },
  )
  const open = view.open.bind(view)
  view.open = (link, ...rest) => (takeOver(String(link ?? '')) ? null : open(link, ...rest))
  view.close = onClose
}
