import { fileURLToPath } from 'node:url'

export type PageFile = { type: string; body: string | Uint8Array }

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

const ROOT = fileURLToPath(new URL('./browser/', import.meta.url))
/** The phone with what happens behind it, and the mails. */
const PAGES = ['index.html', 'mail.html']

/**
 * Builds the page in memory, keyed by path under /__demo/: it takes less than a second, and a page
 * that is never written to disk can never be an old one.
 */
export async function buildPage(): Promise<Map<string, PageFile>> {
  const { build } = await import('vite')
  const built = await build({
    configFile: false,
    root: ROOT,
    base: './',
    logLevel: 'error',
    build: {
      ...{ write: false, target: 'es2022', modulePreload: false },
      rollupOptions: { input: PAGES.map((page) => `${ROOT}${page}`) },
    },
  })
  const files = new Map<string, PageFile>()
  for (const { output } of [built].flat() as { output: BuiltFile[] }[]) {
    for (const file of output) {
      const type = TYPES[file.fileName.split('.').at(-1) ?? '']
      if (type)
        files.set(file.fileName, { type, body: file.type === 'chunk' ? file.code : file.source })
    }
  }
  return files
}

type BuiltFile =
  | { type: 'chunk'; fileName: string; code: string }
  | { type: 'asset'; fileName: string; source: string | Uint8Array }
