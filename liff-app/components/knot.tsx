/** Two cords, tied. */
export function Knot() {
  return (
    <svg class="seal" viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="32" cy="32" r="29" />
      <path d="M27 37l10-10M25 31l-4 4a6 6 0 0 0 8 8l4-4M39 33l4-4a6 6 0 0 0-8-8l-4 4" />
    </svg>
  )
}
