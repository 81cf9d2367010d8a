import {
  angle,
  aspectRatio,
  borderWidth,
  colour,
  cornerRadius,
  count,
  flag,
  fontSize,
  imageSize,
  length,
  margin,
  offset,
  oneOf,
  padding,
  percent,
  pixels,
  type Rule,
  secureAddress,
  text,
} from './check-values.ts'

/**
 * What LINE lets each Flex component say (https://developers.line.biz/en/reference/messaging-api/#flex-message).
 * `nested` are the properties that hold components or actions; check-flex.ts walks those.
 */
export type ComponentSpec = {
  required: string[]
  nested: string[]
  rules: Record<string, Rule>
}

const PLACED: Record<string, Rule> = {
  flex: count,
  margin,
  position: oneOf('relative', 'absolute'),
  offsetTop: offset,
  offsetBottom: offset,
  offsetStart: offset,
  offsetEnd: offset,
}
const ALIGNED: Record<string, Rule> = {
  align: oneOf('start', 'end', 'center'),
  gravity: oneOf('top', 'bottom', 'center'),
}
/** 5,000 is the limit of a text message; LINE names none for a text inside a bubble. */
const LETTERS: Record<string, Rule> = {
  text: text(1, 5000),
  size: fontSize,
  color: colour,
  weight: oneOf('regular', 'bold'),
  style: oneOf('normal', 'italic'),
  decoration: oneOf('none', 'underline', 'line-through'),
}

export const COMPONENTS: Record<string, ComponentSpec> = {
  box: {
    required: ['layout', 'contents'],
    nested: ['contents', 'action', 'background'],
    rules: {
      ...PLACED,
      layout: oneOf('horizontal', 'vertical', 'baseline'),
      spacing: margin,
      backgroundColor: colour,
      borderColor: colour,
      borderWidth,
      cornerRadius,
      width: length,
      maxWidth: length,
      height: length,
      maxHeight: length,
      paddingAll: padding,
      paddingTop: padding,
      paddingBottom: padding,
      paddingStart: padding,
      paddingEnd: padding,
      justifyContent: oneOf(
        'center',
        'flex-start',
        'flex-end',
        'space-between',
        'space-around',
        'space-evenly',
      ),
      alignItems: oneOf('center', 'flex-start', 'flex-end'),
    },
  },
  text: {
    required: [],
    nested: ['contents', 'action'],
    rules: {
      ...PLACED,
      ...ALIGNED,
      ...LETTERS,
      wrap: flag,
      lineSpacing: pixels,
      maxLines: count,
      adjustMode: oneOf('shrink-to-fit'),
      scaling: flag,
    },
  },
  span: { required: ['text'], nested: [], rules: LETTERS },
  button: {
    required: ['action'],
    nested: ['action'],
    rules: {
      ...PLACED,
      color: colour,
      style: oneOf('primary', 'secondary', 'link'),
      gravity: ALIGNED['gravity']!,
      height: oneOf('md', 'sm'),
      adjustMode: oneOf('shrink-to-fit'),
      scaling: flag,
    },
  },
  image: {
    required: ['url'],
    nested: ['action'],
    rules: {
      ...PLACED,
      ...ALIGNED,
      url: secureAddress,
      size: imageSize,
      aspectRatio,
      aspectMode: oneOf('fit', 'cover'),
      backgroundColor: colour,
      animated: flag,
    },
  },
  icon: {
    required: ['url'],
    nested: [],
    rules: { ...PLACED, url: secureAddress, size: fontSize, aspectRatio, scaling: flag },
  },
  video: {
    required: ['url', 'previewUrl', 'altContent'],
    nested: ['altContent', 'action'],
    rules: { url: secureAddress, previewUrl: secureAddress, aspectRatio },
  },
  separator: { required: [], nested: [], rules: { margin, color: colour } },
  filler: { required: [], nested: [], rules: { flex: count } },
}

export const GRADIENT: Record<string, Rule> = {
  angle,
  startColor: colour,
  endColor: colour,
  centerColor: colour,
  centerPosition: percent,
}

export const BLOCK_STYLE: Record<string, Rule> = {
  backgroundColor: colour,
  separator: flag,
  separatorColor: colour,
}

export const BUBBLE: Record<string, Rule> = {
  size: oneOf('nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga'),
  direction: oneOf('ltr', 'rtl'),
}

/** Which components may stand where; a baseline box aligns letters, so it takes only what has them. */
export const ALLOWED_IN = {
  block: ['box'],
  hero: ['box', 'image', 'video'],
  box: ['box', 'button', 'image', 'text', 'separator', 'filler'],
  baseline: ['icon', 'text', 'filler'],
  text: ['span'],
  video: ['box', 'image'],
} as const satisfies Record<string, readonly string[]>
