/** Hours and minutes in the shop's time, as every page of the demo has them. */
export function clock(at: string): string {
  return new Intl.DateTimeFormat('ja-JP', {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'Asia/Tokyo',
  }).format(new Date(at))
}
