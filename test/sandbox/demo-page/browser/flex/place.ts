import type { CSSProperties } from 'preact'
import { border, colour, corner, space } from './measure.ts'

export type Layout = 'horizontal' | 'vertical' | 'baseline'
type Style = CSSProperties

/** Where a component stands in its box: LINE's flex weight, margin, gravity and offsets as CSS. */
export type Placed = {
  flex?: number
  margin?: string
  gravity?: string
  position?: string
  offsetTop?: string
  offsetBottom?: string
  offsetStart?: string
  offsetEnd?: string
}

const GRAVITY: Record<string, string> = { top: 'flex-start', center: 'center', bottom: 'flex-end' }

/** `spacing` is the box's; a component's own margin wins over it, and the first one stands at the edge. */
export function placeIn(
  layout: Layout,
  component: Placed,
  spacing: string | undefined,
  first: boolean,
): Style {
  const gap = space(component.margin) ?? (first ? undefined : space(spacing))
  const across = layout !== 'vertical'
  return {
    flex: weight(across, component.flex),
    [across ? 'marginInlineStart' : 'marginTop']: gap,
    alignSelf: layout === 'horizontal' ? GRAVITY[component.gravity ?? ''] : undefined,
    position: component.position === 'absolute' ? 'absolute' : 'relative',
    top: space(component.offsetTop),
    bottom: space(component.offsetBottom),
    insetInlineStart: space(component.offsetStart),
    insetInlineEnd: space(component.offsetEnd),
  }
}

/** In a row everything shares the width unless it says 0; in a column nothing grows unless it says so. */
function weight(across: boolean, flex: number | undefined): string {
  if (across) return flex === 0 ? '0 0 auto' : `${flex ?? 1} 1 0`
  return flex ? `${flex} 0 auto` : '0 0 auto'
}

export type Framed = {
  backgroundColor?: string
  borderColor?: string
  borderWidth?: string
  cornerRadius?: string
  width?: string
  maxWidth?: string
  height?: string
  maxHeight?: string
  paddingAll?: string
  paddingTop?: string
  paddingBottom?: string
  paddingStart?: string
  paddingEnd?: string
}

/** A box's own frame: padding, size, corners and colours. */
export function frame(box: Framed): Style {
  return {
    backgroundColor: colour(box.backgroundColor),
    border: box.borderWidth
      ? `${border(box.borderWidth) ?? '0px'} solid ${colour(box.borderColor) ?? '#000000'}`
      : undefined,
    borderRadius: corner(box.cornerRadius),
    width: space(box.width),
    maxWidth: space(box.maxWidth),
    height: space(box.height),
    maxHeight: space(box.maxHeight),
    paddingTop: space(box.paddingTop ?? box.paddingAll),
    paddingBottom: space(box.paddingBottom ?? box.paddingAll),
    paddingInlineStart: space(box.paddingStart ?? box.paddingAll),
    paddingInlineEnd: space(box.paddingEnd ?? box.paddingAll),
  }
}
