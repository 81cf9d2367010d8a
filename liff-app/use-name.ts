import { useEffect, useState } from 'preact/hooks'
import { whoIsBuying } from './session.ts'

/** The buyer's name as LINE gives it; null until it is known. */
export function useName(): string | null {
  const [name, setName] = useState<string | null>(null)
  useEffect(() => {
    whoIsBuying().then(
      (person) => setName(person.name),
      () => {}, // What they came for says when nobody could be recognised.
    )
  }, [])
  return name
}
