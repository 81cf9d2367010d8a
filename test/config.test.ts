import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigFaults, loadConfig } from '../server/config.ts'
import shop from '../shop.config.ts'

const GOOD = {
  PUBLIC_URL: 'https://shop.example.jp',
  DATABASE_URL: 'file:./data/noren.db',
  STRIPE_SECRET_KEY: 'sk_test_51Noren',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
  LINE_CHANNEL_SECRET: '0123456789abcdef0123456789abcdef',
  LINE_CHANNEL_ACCESS_TOKEN: 'a-long-lived-token',
  LIFF_ID: '1234567890-AbcdEfgh',
  REFERENCE_SECRET: 'r'.repeat(32),
  SESSION_SECRET: 's'.repeat(32),
}
const REQUIRE_NODE = join(import.meta.dirname, '..', 'server', 'require-node.mjs')
const SYSTEM_NODE = '/usr/bin/node'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'noren-config-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The sentences with which this environment is refused; none when it is fine. */
async function faultsOf(over: Record<string, string | undefined> = {}): Promise<string[]> {
  try {
    await loadConfig({ ...GOOD, ...over })
    return []
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error
    expect(error.message).toMatch(/^Noren cannot start:\n/)
    for (const fault of error.faults) expect(error.message).toContain(fault)
    return error.faults
  }
}

let written = 0
function shopFile(source: string): { SHOP_CONFIG: string } {
  written += 1
  const file = join(folder, `shop-${written}.config.mjs`)
  writeFileSync(file, source)
  return { SHOP_CONFIG: file }
}

const shopWith = (over: Record<string, unknown>) =>
  shopFile(`export default ${JSON.stringify({ ...shop, ...over })}`)

test('a complete environment opens the shop, with the defaults that the documents name', async () => {
  const config = await loadConfig(GOOD)
  expect(config).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'https://shop.example.jp',
    database: { engine: 'sqlite', file: './data/noren.db' },
    stripe: { livemode: false, apiBase: null, webhookSecrets: ['whsec_0123456789'] },
    liff: { id: '1234567890-AbcdEfgh', channelId: '1234567890' },
    referenceStyle: 'sealed',
    unsealedReferences: 'notify',
    paymentLinks: null,
    process: 'all',
  })
  expect(config.line.apiBase.href).toBe('https://api.line.me/')
})

test('everything that is missing is named at once', async () => {
  const faults = await faultsOf(Object.fromEntries(Object.keys(GOOD).map((name) => [name, ''])))
  for (const name of [
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
    'LINE_CHANNEL_SECRET',
    'LINE_CHANNEL_ACCESS_TOKEN',
    'LIFF_ID',
    'REFERENCE_SECRET',
    'SESSION_SECRET',
  ])
    expect(faults.filter((fault) => fault.startsWith(name))).toHaveLength(1)
  for (const fault of faults) expect(fault).toMatch(/[a-z].*[.)]$/s)
})

test.each<[string, Record<string, string>, RegExp]>([
  ['a port that is none', { PORT: '80a' }, /PORT must be a port number/],
  ['a port beyond the last', { PORT: '70000' }, /PORT must be a port number/],
  ['a public address over http', { PUBLIC_URL: 'http://shop.example.jp' }, /PUBLIC_URL .*https/],
  ['a public address that is none', { PUBLIC_URL: 'shop.example.jp' }, /PUBLIC_URL .*https/],
  ['a publishable key', { STRIPE_SECRET_KEY: 'pk_test_51Noren' }, /STRIPE_SECRET_KEY/],
  ['a short reference secret', { REFERENCE_SECRET: 'short' }, /REFERENCE_SECRET .*32/],
  [
    'an old session secret that is short',
    { SESSION_SECRET: `${'s'.repeat(32)},short` },
    /SESSION_SECRET .*32/,
  ],
  ['only commas for a secret', { SESSION_SECRET: ' , ,' }, /SESSION_SECRET/],
  ['a LIFF address in place of its id', { LIFF_ID: 'https://liff.line.me/1-a' }, /LIFF_ID/],
  ['Stripe elsewhere', { STRIPE_API_BASE: 'https://evil.example' }, /STRIPE_API_BASE .*127/],
  ['LINE elsewhere', { LINE_API_BASE: 'http://127.0.0.1.evil.example' }, /LINE_API_BASE .*127/],
  ['a Discord elsewhere', { DISCORD_API_BASE: 'https://evil.example' }, /DISCORD_API_BASE .*127/],
  [
    'half a Postgres',
    { DATABASE_URL: 'postgres://u:p@[host' },
    /DATABASE_URL must be file:.*postgres:/,
  ],
  [
    'a mail server without a sender',
    { SMTP_URL: 'smtp://u:p@smtp.example.com' },
    /MAIL_FROM must be whom mails come from/,
  ],
  ['a sender without a mail server', { MAIL_FROM: 'a@example.com' }, /SMTP_URL must be the mail/],
  [
    'two senders',
    { SMTP_URL: 'smtp://smtp.example.com', MAIL_FROM: 'a@example.com, b@example.com' },
    /MAIL_FROM must be/,
  ],
  [
    'a mail server by its web address',
    { SMTP_URL: 'https://smtp.example.com', MAIL_FROM: 'a@example.com' },
    /SMTP_URL must be the mail server’s address, like smtp:/,
  ],
  [
    'a mail password with a bare %',
    { SMTP_URL: 'smtp://u:100%sure@smtp.example.com', MAIL_FROM: 'a@example.com' },
    /SMTP_URL must be .* %25 for a %/,
  ],
  ['another database', { DATABASE_URL: 'mysql://host/db' }, /DATABASE_URL must be file:/],
  ['a database file without a name', { DATABASE_URL: 'file:' }, /DATABASE_URL must be file:/],
  [
    'a Stripe that is faster in part than in all',
    { STRIPE_RATE: '50/25' },
    /STRIPE_RATE .*25\/100/,
  ],
  [
    'a host without its port',
    { OUTBOUND_HOSTS: 'n8n.internal' },
    /OUTBOUND_HOSTS .*with their ports/,
  ],
  ['an address for a host', { OUTBOUND_HOSTS: 'https://n8n.internal:443/' }, /OUTBOUND_HOSTS/],
  ['a rate without its second half', { STRIPE_RATE: '25' }, /STRIPE_RATE must be two numbers/],
  ['a payment address', { PAYMENT_LINKS: 'https://buy.stripe.com/x' }, /PAYMENT_LINKS .*plink_/],
  ['an unknown process', { PROCESS: 'cook' }, /PROCESS must be one of: all, web, worker/],
  ['an unknown reference style', { REFERENCE_STYLE: 'open' }, /REFERENCE_STYLE must be one of/],
  ['an unknown rule for bare ids', { UNSEALED_REFERENCES: 'yes' }, /UNSEALED_REFERENCES must be/],
  [
    'bare references that are ignored',
    { REFERENCE_STYLE: 'bare', UNSEALED_REFERENCES: 'ignore' },
    /REFERENCE_STYLE=bare with UNSEALED_REFERENCES=ignore .*receipt/,
  ],
])('%s is refused in a sentence, and nothing else is', async (_, over, sentence) => {
  const faults = await faultsOf(over)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(sentence)
})

test.each(['127.0.0.1:4010', 'localhost:4010', '[::1]:4010'])(
  'the sandbox may stand at %s',
  async (host) => {
    const env = { STRIPE_API_BASE: `http://${host}`, LINE_API_BASE: `http://${host}` }
    expect(await faultsOf({ ...env, PUBLIC_URL: `http://${host}` })).toEqual([])
  },
)

test('lists may be written with spaces and line breaks, the newest secret first', async () => {
  const config = await loadConfig({
    ...GOOD,
    STRIPE_WEBHOOK_SECRET: 'whsec_new_0001 , whsec_old_0001,',
    PAYMENT_LINKS: 'plink_1,\n plink_2',
  })
  expect(config.stripe.webhookSecrets).toEqual(['whsec_new_0001', 'whsec_old_0001'])
  expect(config.paymentLinks).toEqual(['plink_1', 'plink_2'])
})

test('a channel id is enough for LINE, since tokens can be issued with it', async () => {
  expect(await faultsOf({ LINE_CHANNEL_ACCESS_TOKEN: '', LINE_CHANNEL_ID: '2000000002' })).toEqual(
    [],
  )
})

test('no fault repeats a secret', async () => {
  const secrets = {
    STRIPE_SECRET_KEY: 'pk_live_hush',
    REFERENCE_SECRET: 'hush-1',
    SESSION_SECRET: 'hush-2',
    DATABASE_URL: 'postgres://noren:hush@host/db',
  }
  expect((await faultsOf(secrets)).join()).not.toContain('hush')
})

test('roles on Discord need the bot, or nobody would ever give them', async () => {
  const role = { id: 'member', title: '会員', discordRoles: '1180000000000000001' }
  const faults = await faultsOf(shopWith({ roles: [role] }))
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(/discordRoles need the bot: set DISCORD_APPLICATION_ID/)
  const bot = {
    DISCORD_APPLICATION_ID: '1180000000000000002',
    DISCORD_PUBLIC_KEY: 'a'.repeat(64),
    DISCORD_BOT_TOKEN: 'a.b.c',
    DISCORD_GUILD_ID: '1180000000000000003',
  }
  expect(await faultsOf({ ...shopWith({ roles: [role] }), ...bot })).toEqual([])
})

test('with a live key the sample legal notice is refused, and one’s own is not', async () => {
  const live = { STRIPE_SECRET_KEY: 'sk_live_51Noren' }
  const faults = await faultsOf(live)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(/legal .*sample notice/)
  const unflagged = shopWith({ legal: { ...shop.legal, sample: undefined } })
  expect(await faultsOf({ ...live, ...unflagged })).toEqual(faults)
  const own = Object.fromEntries(Object.keys(shop.legal).map((item) => [item, '株式会社つばめ']))
  expect(await faultsOf({ ...live, ...shopWith({ legal: { ...own, sample: false } }) })).toEqual([])
})

test.each<[string, () => Record<string, string>, RegExp]>([
  ['is missing', () => ({ SHOP_CONFIG: './no-such-shop.ts' }), /SHOP_CONFIG: .*could not be read/],
  [
    'has a slip of the pen',
    () => shopFile('export default {{'),
    /SHOP_CONFIG: .*could not be read/,
  ],
  ['exports nothing', () => shopFile('export const shop = {}'), /SHOP_CONFIG: .*export default/],
  ['exports a number', () => shopFile('export default 5'), /SHOP_CONFIG: .*export default/],
  ['has no name', () => shopWith({ name: ' ' }), /name is missing/],
  ['has a name without Japanese', () => shopWith({ name: { en: 'Tea' } }), /name is missing/],
  ['has a colour by name', () => shopWith({ brand: 'green' }), /brand must be a colour/],
  ['has a colour that is a number', () => shopWith({ brand: 255 }), /brand must be a colour/],
  ['speaks an unknown language', () => shopWith({ language: 'fr' }), /language must be one of/],
  ['has no phone number', () => shopWith({ legal: { ...shop.legal, phone: '' } }), /legal\.phone/],
  ['names a staff that is no LINE id', () => shopWith({ staff: { line: '@shop' } }), /staff\.line/],
  [
    'names mailboxes for the staff and has no mail server',
    () => shopWith({ staff: { mail: 'shop@example.com' } }),
    /staff\.mail needs a mail server/,
  ],
  ['has an http friend link', () => shopWith({ friendUrl: 'http://line.me' }), /friendUrl/],
  ['has a logo that is no address', () => shopWith({ logo: 7 }), /logo must begin with https/],
  ['has a lateAfter of nothing', () => shopWith({ lateAfter: 0 }), /lateAfter/],
  ['has a lateAfter in words', () => shopWith({ lateAfter: '3 days' }), /lateAfter/],
  ['has offers that are no list', () => shopWith({ offers: 'plink_1' }), /offers must be a list/],
  ['has an empty offer', () => shopWith({ offers: [null] }), /offers/],
  [
    'names an address as an offer',
    () => shopWith({ offers: [{ link: 'https://buy.stripe.com/x' }] }),
    /offers.*plink_/,
  ],
])('a shop.config that %s is refused in a sentence', async (_, env, sentence) => {
  const faults = await faultsOf(env())
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(sentence)
})

test('faults of the environment and of the shop are listed together', async () => {
  const faults = await faultsOf({ PORT: 'x', SESSION_SECRET: 'x', ...shopWith({ brand: 'x' }) })
  expect(faults).toHaveLength(3)
})

test('a .env that is closed to this user is told of in a sentence, by the shop and by the operator’s tool', () => {
  // Root may read every file, so a folder stands for one that cannot be read.
  const home = mkdtempSync(join(folder, 'closed-'))
  mkdirSync(join(home, '.env'))
  for (const door of ['main.ts', 'noren.ts']) {
    const file = join(import.meta.dirname, '..', 'server', door)
    const { status, stderr } = runNode(process.execPath, [file, 'status'], home)
    expect(stderr).toContain('.env cannot be read: run this as the user it belongs to')
    expect(stderr).not.toMatch(/ENOENT|EISDIR|node_modules/)
    expect(status).toBe(1)
  }
})

test('a Node that is too old says a sentence and ends, before anything else is loaded', () => {
  for (const version of ['20.19.0', '22.17.9', '18.0.0']) {
    const pretend = `Object.defineProperty(process, 'versions', {
      value: { ...process.versions, node: '${version}' } })
      await import(${JSON.stringify(REQUIRE_NODE)})
      console.log('went on')`
    const { status, stdout, stderr } = runNode(process.execPath, ['-e', pretend])
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(new RegExp(`needs Node .*this is ${version}\\. Run it through npm`))
  }
  const fine = runNode(process.execPath, ['--import', REQUIRE_NODE, '-e', 'console.log(1)'])
  expect(fine).toMatchObject({ status: 0, stdout: '1\n', stderr: '' })
})

const oldNode = existsSync(SYSTEM_NODE) && /^v(1\d|20)\./.test(runNode(SYSTEM_NODE, ['-v']).stdout)

test.runIf(oldNode)('the machine’s own old Node is told the same', () => {
  const { status, stderr } = runNode(SYSTEM_NODE, ['--import', REQUIRE_NODE, '-e', '1'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/^Noren needs Node/)
})

function runNode(node: string, args: string[], cwd?: string) {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  })
  return { status, stdout, stderr }
}
