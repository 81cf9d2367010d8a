import { useId, useState } from 'preact/hooks'
import { useInner } from '../app-context.ts'

/** Something to be typed elsewhere, letter by letter or by the button. */
export function CopyCode({ name, value }: { name: string; value: string }) {
  const { konbini } = useInner().texts
  const [copied, setCopied] = useState(false)
  const label = useId()
  const copy = () => {
    // Where the clipboard is out of reach, the number itself selects as a whole when it is held.
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => {},
    )
  }
  return (
    <div class="code">
      <p>
        <span id={label}>{name}</span>
        <output class="digits">{value}</output>
      </p>
      <button type="button" class="button small" aria-describedby={label} onClick={copy}>
        <span aria-live="polite">{copied ? konbini.copied : konbini.copy}</span>
      </button>
    </div>
  )
}
