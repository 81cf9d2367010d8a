import { useEffect, useRef } from 'preact/hooks'
import { localized } from '../../shared/language.ts'
import { useApp } from '../app-context.ts'
import { hasNavigated } from '../navigation.ts'

/**
 * The page's one h1. It names the window and, after a change of page, takes the focus, so that a
 * screen reader begins where the new page does. `title: null` leaves the shop's name alone in the window.
 */
export function PageHeading({ text, title = text }: { text: string; title?: string | null }) {
  const { boot, language } = useApp()
  const heading = useRef<HTMLHeadingElement>(null)
  const shop = localized(boot.shop.name, language)
  useEffect(() => {
    document.title = title ? `${title}｜${shop}` : shop
  }, [title, shop])
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {text}
    </h1>
  )
}
