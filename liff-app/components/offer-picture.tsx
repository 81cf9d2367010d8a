import { useState } from 'preact/hooks'

type Props = { image: string | null; name: string; eager?: boolean }

/**
 * The product, or a crest drawn from its first letter where there is no picture or it does not load.
 * The name stands beside it in text, so the picture itself is silent.
 */
export function OfferPicture({ image, name, eager }: Props) {
  const [broken, setBroken] = useState(false)
  if (image && !broken) {
    return (
      <div class="picture">
        <img
          src={image}
          alt=""
          width="600"
          height="400"
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          onError={() => setBroken(true)}
        />
      </div>
    )
  }
  return (
    <div class="picture crest" aria-hidden="true">
      <svg viewBox="0 0 120 80" role="presentation">
        <circle cx="60" cy="40" r="23" class="ring" />
        <circle cx="60" cy="40" r="26" class="ring thin" />
        <text x="60" y="49" text-anchor="middle">
          {firstLetter(name)}
        </text>
      </svg>
    </div>
  )
}

/** Whole characters, also where one is made of several code points. */
function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim())
  return first?.segment ?? '・'
}
