import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import type { Words } from '../words.ts'

type BrowserProps = {
  /** The address as Discord has it; opened where this browser has the shop */
  url: string
  door: string
  shopName: string
  words: Words
  onIntoLine: (path: string) => void
  onClose: () => void
}

/** What a link in Discord opens: a browser of its own, with other cookies than the phone's. */
export function Browser({ url, door, shopName, words, onIntoLine, onClose }: BrowserProps) {
  const close = useRef<HTMLButtonElement>(null)
  const [loading, setLoading] = useState(true)
  const w = words.discord
  useEffect(() => {
    const before = document.activeElement
    close.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      if (event.origin !== new URL(door).origin || typeof event.data?.intoLine !== 'string') return
      onIntoLine(`${event.data.intoLine}${event.data.hash}`)
    }
    window.addEventListener('message', heard)
    return () => window.removeEventListener('message', heard)
  }, [door])
  return (
    <section
      class="dc-browser"
      aria-label={w.browser}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header class="dc-browser-bar">
        <span class="dc-address">
          <strong>{shopName}</strong>
          <span>
            {new URL(url).host} · {w.browserNote}
          </span>
        </span>
        <button type="button" class="icon-button" ref={close} onClick={onClose}>
          <Icon name="close" />
          <span class="unseen">{w.close}</span>
        </button>
      </header>
      <div class={`sheet-progress ${loading ? 'sheet-loading' : ''}`} />
      <iframe src={door} title={w.browser} onLoad={() => setLoading(false)} />
    </section>
  )
}
