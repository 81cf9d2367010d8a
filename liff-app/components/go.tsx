import type { ComponentChildren } from 'preact'
import { navigate } from '../navigation.ts'

type Props = {
  to: string
  class?: string
  'aria-current'?: 'page' | undefined
  'aria-label'?: string
  children: ComponentChildren
}

/** A link to a page of this shop: a real address to copy or open in a tab, without a page load when tapped. */
export function Go({ to, children, ...rest }: Props) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return
    event.preventDefault()
    navigate(to)
  }
  return (
    <a href={to} onClick={onClick} {...rest}>
      {children}
    </a>
  )
}
