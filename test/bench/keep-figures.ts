import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

const MARKER = '<!-- figures -->'

/** When, on what and for how long: figures from different runs stand on one page. */
export function whereAndWhen(ms: number): string {
  const [cpu] = cpus()
  const machine = `${cpus().length} cores (${cpu?.model}), Node ${process.versions.node}`
  return `${new Date().toISOString().slice(0, 10)}, ${machine}, ${Math.round(ms / 1_000)} s`
}

/** Puts a section into a page of docs/, where the one of the same title stood, or at the end. */
export function keepFigures(page: string, title: string, text: string): void {
  const file = join(import.meta.dirname, '..', '..', 'docs', page)
  const [preface = '', figures = ''] = readFileSync(file, 'utf8').split(MARKER)
  const sections = figures.split(/^(?=## )/m).map((section) => section.trim())
  const at = sections.findIndex((section) => section.startsWith(`## ${title}\n`))
  sections.splice(at < 0 ? sections.length : at, at < 0 ? 0 : 1, text.trim())
  writeFileSync(file, `${preface}${MARKER}\n\n${sections.filter(Boolean).join('\n\n')}\n`)
}
