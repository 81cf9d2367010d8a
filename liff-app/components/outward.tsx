/** The arrow that says: this leaves the shop. */
export function Outward() {
  return (
    <svg class="outward" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M9 2h5v5M14 2 7 9M12 9.5V14H2V4h4.5" />
    </svg>
  )
}
