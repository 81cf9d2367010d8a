import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { LONG_FILES } from './support/long-files-first.ts'

const root = join(import.meta.dirname, '..')

/** Rooms, and the neighbours each may visit. No cycle: people know nobody, orders know everybody. */
const NEIGHBOURS: Record<string, string[]> = {
  people: [],
  notifications: ['people'],
  signs: ['people', 'notifications'],
  integrations: ['people', 'notifications'],
  memberships: ['people', 'notifications', 'signs', 'portal', 'integrations'],
  orders: ['people', 'notifications', 'memberships', 'integrations'],
  shop: ['people', 'memberships'],
  portal: ['people'],
  chat: ['people', 'notifications', 'memberships', 'orders'],
  operations: ['people', 'notifications', 'orders', 'integrations'],
  campaigns: ['people', 'notifications', 'memberships', 'portal', 'shop'],
  desk: ['people', 'orders'],
}
/** Shapes without behaviour: the rows, and what the shopkeeper wrote down. */
const KNOWN_TO_ALL = ['server/store/tables.ts', 'server/shop/define-shop.ts']
/** Adapters, and the one vendor each may know. */
const VENDORS: Record<string, RegExp> = {
  stripe: /^stripe$/,
  line: /^(@line\/bot-sdk|@resvg\/resvg-wasm|jose|undici)$/,
  mail: /^nodemailer$/,
  discord: /^(@discordjs\/rest|discord-api-types\/v10|discord-interactions)$/,
  outbound: /^(standardwebhooks|undici|ipaddr\.js)$/,
  store: /^(kysely(\/.*)?|better-sqlite3|pg|pg-boss)$/,
}
const ONLY_IN: [RegExp, RegExp][] = [
  [/^stripe$/, /^(server\/stripe|test)\//],
  [/^@line\/bot-sdk$/, /^(server\/line|test)\//],
  [/^@resvg\//, /^(server\/line|test)\//],
  [/^nodemailer$/, /^(server\/mail|test)\//],
  [/^(@discordjs\/|discord-)/, /^(server\/discord|test)\//],
  [/^(standardwebhooks|ipaddr\.js)$/, /^(server\/outbound|test)\//],
  [/^csv-stringify/, /^(server\/desk|test)\//],
  [/^qrcode$/, /^(server\/commands|test)\//],
  [/^@line\/liff/, /^(liff-app\/line\.ts|test\/)/],
  [/^(better-sqlite3|pg|pg-boss)$/, /^(server\/store|test)\//],
]

type Import = { file: string; from: string; ours: string | null }

const imports = ['liff-app', 'server', 'shared'].flatMap(importsBelow)

function importsBelow(folder: string): Import[] {
  return sourceFiles(folder).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const found = text.matchAll(
      /^(?:import|export) [\w\s{},*]+ from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
    )
    return [...found].map(([, named, bare, dynamic]) => {
      const from = named ?? bare ?? dynamic ?? ''
      const ours = from.startsWith('.') ? relative(root, resolve(root, dirname(file), from)) : null
      return { file, from, ours }
    })
  })
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name))
    .map((name) => join(folder, name))
}

function breaches(isBreach: (each: Import) => boolean): string[] {
  return imports.filter(isBreach).map(({ file, from }) => `${file} imports ${from}`)
}

const roomOf = (path: string) => /^server\/([a-z]+)\//.exec(path)?.[1] ?? null

test('the imports are read at all, so that the rules below can fail', () => {
  expect(imports.length).toBeGreaterThan(150)
  expect(imports).toContainEqual({
    file: 'server/orders/orders.routes.ts',
    from: '../errors.ts',
    ours: 'server/errors.ts',
  })
})

test('what both sides share imports nothing of ours and no package but typebox', () => {
  const outside = ({ file, from, ours }: Import) =>
    file.startsWith('shared/') &&
    (ours ? !ours.startsWith('shared/') : from !== 'typebox' && !from.startsWith('node:'))
  expect(breaches(outside)).toEqual([])
})

test('the page imports only itself, what is shared, Preact and (in one file) LIFF', () => {
  const outside = ({ file, from, ours }: Import) =>
    file.startsWith('liff-app/') &&
    (ours ? !/^(liff-app|shared)\//.test(ours) : !/^(preact(\/.*)?|@line\/liff(\/.*)?)$/.test(from))
  expect(breaches(outside)).toEqual([])
})

test('the page takes only types from the API schemas, so that TypeBox never reaches the buyer', () => {
  const heavy = sourceFiles('liff-app').filter((file) =>
    /import \{(?![^}]*\btype\b)[^}]*\} from '[^']*shared\/api\.ts'/.test(
      readFileSync(join(root, file), 'utf8').replaceAll('import type {', 'import type_ {'),
    ),
  )
  expect(heavy).toEqual([])
})

test('a room visits only the neighbours that are named here', () => {
  const uninvited = ({ file, ours }: Import) => {
    const room = roomOf(file)
    const neighbours = room ? NEIGHBOURS[room] : undefined
    if (!neighbours || !ours?.startsWith('server/')) return false
    const other = roomOf(ours)
    if (other === null) return !/^server\/(ports|errors|retry-policy|share-next)\.ts$/.test(ours)
    return other !== room && !neighbours.includes(other) && !KNOWN_TO_ALL.includes(ours)
  }
  expect(breaches(uninvited)).toEqual([])
})

test('an adapter knows its own vendor, the ports and what is shared; never a room, never another', () => {
  const stray = ({ file, from, ours }: Import) => {
    const adapter = roomOf(file)
    const vendor = adapter ? VENDORS[adapter] : undefined
    if (!vendor) return false
    if (!ours) return !vendor.test(from) && !/^(node:|fastify$)/.test(from)
    if (
      /^(shared\/|server\/letters\/|server\/(ports|errors|retry-policy)\.ts|server\/store\/tables\.ts)/.test(
        ours,
      )
    )
      return false
    return roomOf(ours) !== adapter
  }
  expect(breaches(stray)).toEqual([])
})

test('a letter knows the message and the words, and no channel that brings it', () => {
  const worldly = ({ file, ours }: Import) =>
    file.startsWith('server/letters/') &&
    !/^(shared\/|server\/letters\/|server\/ports\.ts)/.test(ours ?? '')
  expect(breaches(worldly)).toEqual([])
})

test('no rule changed for Discord: members, orders and messages have no word of it', () => {
  const telling = sourceFiles('server').filter(
    (file) =>
      /^server\/(memberships|orders|notifications)\//.test(file) &&
      /discord/i.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(telling).toEqual([])
})

test('each vendor is known in one place only', () => {
  const elsewhere = ({ file, from }: Import) =>
    ONLY_IN.some(([vendor, place]) => vendor.test(from) && !place.test(file))
  expect(breaches(elsewhere)).toEqual([])
})

test('only the config reads the environment', () => {
  const readers = ['liff-app', 'server', 'shared']
    .flatMap(sourceFiles)
    .filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')))
  expect(readers).toEqual(['server/config.ts'])
})

test('the server has no word of the sandbox', () => {
  const telling = sourceFiles('server').filter((file) =>
    /if \(.*sandbox|from '.*\/test\//i.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(telling).toEqual([])
})

test('there is no drawer for everything: no utils, no barrels', () => {
  const drawers = ['liff-app', 'server', 'shared', 'test']
    .flatMap(sourceFiles)
    .filter((file) => /(^|\/)(utils?|helpers?|common|misc)\/|\/index\.tsx?$/.test(file))
  expect(drawers).toEqual([])
})

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const documents = ['README.md', 'CHANGELOG.md', ...documentsBelow('docs')]
  const missing = documents.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/npm run ([\w:-]+)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => !(name in scripts))
      .map((name) => `${file} names "npm run ${name}"`),
  )
  expect(missing).toEqual([])
})

function documentsBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
}

test('the test files that are to begin first are there by these names', () => {
  expect(LONG_FILES.filter((file) => !existsSync(join(root, file)))).toEqual([])
})
