import { useEffect, useState } from 'preact/hooks'
import { StatusIcons } from './icons.tsx'

/** The phone's own clock and signal; decoration, so nobody is read it. */
export function StatusBar() {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <div class="status-bar" aria-hidden="true">
      <span>
        {now.getHours()}:{String(now.getMinutes()).padStart(2, '0')}
      </span>
      <StatusIcons />
    </div>
  )
}
