import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Language, localized, nearestLanguage } from '../shared/language.ts'

const HOME = new URL('../shared/i18n/', import.meta.url)
/** Every folder that holds a language: messages, pages, and what the pages load later. */
const FOLDERS = readdirSync(HOME, { recursive: true, encoding: 'utf8' })
  .filter((path) => basename(path) === 'ja.ts')
  .map(dirname)
  .sort()
const OTHERS = LANGUAGES.filter((language) => language !== 'ja')
const KANA = /[\u3041-\u3096\u30A1-\u30FA\u30FC\uFF66-\uFF9F]/
const HAN = /\p{Script=Han}/u

type Texts = { [key: string]: Texts | string | ((...values: never[]) => string) }
type Leaf = { key: string; text: string; values: number | null }

async function textsOf(folder: string, language: Language): Promise<Texts> {
  const module = await import(new URL(`${folder}/${language}.ts`, HOME).href)
  const objects = Object.values(module).filter((value) => typeof value === 'object')
  expect(objects, `${folder}/${language}.ts exports one object`).toHaveLength(1)
  return objects[0] as Texts
}

/** Every text with its path. Functions are asked for one and for several, since some say it differently. */
function leavesOf(texts: Texts, path: string[] = []): Leaf[] {
  return Object.entries(texts).flatMap(([name, value]) => {
    const key = [...path, name].join('.')
    if (typeof value === 'string') return [{ key, text: value, values: null }]
    if (typeof value === 'object') return leavesOf(value, [...path, name])
    return [1, 2].map((given) => {
      const values = Array.from({ length: value.length }, () => given) as never[]
      return { key, text: String(value(...values)), values: value.length }
    })
  })
}

const shapeOf = (leaves: Leaf[]) => leaves.map(({ key, values }) => `${key}/${values ?? 'text'}`)

test('words were found for the chat and for the pages', () => {
  expect(FOLDERS).toEqual(expect.arrayContaining(['messages', 'pages']))
})

describe.each(FOLDERS)('the words of the %s', (folder) => {
  test('are there in every language', () => {
    const files = readdirSync(new URL(`${folder}/`, HOME))
    for (const language of LANGUAGES) expect(files).toContain(`${language}.ts`)
  })

  test.each(OTHERS)(
    'in %s are the same in number and in what is filled in as in Japanese',
    async (language) => {
      const japanese = leavesOf(await textsOf(folder, 'ja'))
      const translated = leavesOf(await textsOf(folder, language))
      expect(japanese.length).toBeGreaterThan(20)
      expect(shapeOf(translated).sort()).toEqual(shapeOf(japanese).sort())
    },
  )

  test.each(LANGUAGES)(
    'in %s say something everywhere, with nothing left open',
    async (language) => {
      for (const { key, text } of leavesOf(await textsOf(folder, language))) {
        expect(text.trim(), key).not.toBe('')
        expect(text, key).not.toMatch(/undefined|null|NaN|\[object|\$\{/)
      }
    },
  )

  test.each(OTHERS)('in %s hold no Japanese kana', async (language) => {
    for (const { key, text } of leavesOf(await textsOf(folder, language)))
      expect(text, key).not.toMatch(KANA)
  })

  test.each(['en', 'th'] as const)('in %s hold no Chinese character', async (language) => {
    for (const { key, text } of leavesOf(await textsOf(folder, language)))
      expect(text, key).not.toMatch(HAN)
  })
})

async function pagesIn(language: Language): Promise<Record<string, Texts>> {
  const folders = FOLDERS.filter((folder) => folder.startsWith('pages'))
  const parts = await Promise.all(folders.map((folder) => textsOf(folder, language)))
  return Object.assign({}, ...parts)
}

describe('chat and pages', () => {
  test.each(LANGUAGES)('call the same thing by the same name in %s', async (language) => {
    const messages = (await textsOf('messages', language)) as Record<string, Texts>
    const pages = await pagesIn(language)
    expect(messages['methods']).toMatchObject(pages['method']!)
    expect(messages['awaiting']!['stores']).toEqual(pages['konbini']!['stores'])
    expect(messages['awaiting']!['paymentCode']).toBe(pages['konbini']!['code'])
    expect(messages['awaiting']!['confirmationNumber']).toBe(pages['konbini']!['confirmation'])
    expect(messages['orderNumber']).toBe(pages['order']!['number'])
    expect(messages['total']).toBe(pages['order']!['total'])
  })

  test.each(LANGUAGES)(
    'have labels in %s that fit on a LINE button (40 characters)',
    async (language) => {
      const messages = await textsOf('messages', language)
      const labels = [
        messages['seeOrder'],
        messages['orderAgain'],
        (messages['awaiting'] as Texts)['voucher'],
      ]
      for (const label of labels) {
        expect(typeof label).toBe('string')
        expect((label as string).length).toBeLessThanOrEqual(40)
      }
    },
  )
})

describe('which language a buyer gets', () => {
  test.each([
    ['ja', 'ja'],
    ['ja-JP', 'ja'],
    ['en-GB', 'en'],
    ['EN_us', 'en'],
    ['th-TH', 'th'],
    ['zh', 'zh-TW'],
    ['zh_TW', 'zh-TW'],
    ['zh-Hant-HK', 'zh-TW'],
    ['zh-Hans', undefined],
    ['zh-CN', undefined],
    ['fr', undefined],
    ['enx', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is answered in %s', (tag, language) => {
    expect(nearestLanguage(tag)).toBe(language)
  })

  test("the shop's own text is Japanese where it has no other", () => {
    expect(localized('茶', 'en')).toBe('茶')
    expect(localized({ ja: '茶', en: 'Tea' }, 'en')).toBe('Tea')
    expect(localized({ ja: '茶', en: 'Tea' }, 'th')).toBe('茶')
  })
})
