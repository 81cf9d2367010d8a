import { recall, remember } from './remember.ts'

/** Where this visit came from (`?source=poster-tokyo`), kept for the tab so that the sale can be told by it. */
export function rememberSource(): void {
  const source = new URLSearchParams(location.search).get('source')
  if (source) remember('sessionStorage', 'source', source.slice(0, 32))
}

export function rememberedSource(): string | null {
  return recall('sessionStorage', 'source')
}
