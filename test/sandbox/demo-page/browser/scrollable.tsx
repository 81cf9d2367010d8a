import type { ComponentChildren, Ref } from 'preact'

type ScrollableProps = {
  class: string
  label: string
  /** `log`: what is added gets read out. */
  role: 'log' | 'group'
  area?: Ref<HTMLElement>
  onScroll?: () => void
  children: ComponentChildren
}

/** A part of the page that scrolls by itself, and so must be reachable by keyboard (WCAG 2.1.1). */
export function Scrollable({ label, area, children, ...rest }: ScrollableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody could scroll here with the arrow keys
    <section {...rest} ref={area} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
