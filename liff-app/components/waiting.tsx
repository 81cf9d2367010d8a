import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../app-context.ts'

/** After this the buyer is owed a word about the wait. */
const LONG_MS = 6000

/** A small curtain that sways while something is on its way. */
export function Waiting({ text, longText }: { text?: string; longText?: string }) {
  const { shell } = useApp().texts
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div class="waiting" role="status">
      <span class="sway" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <p>{long ? (longText ?? shell.waitingLong) : (text ?? shell.waiting)}</p>
    </div>
  )
}
