import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Boot } from '../shared/api.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const SECRET = 'what-stands-beside-the-page'

let folder: string
let house: House

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noren-page-'))
  const appDir = join(folder, 'app')
  mkdirSync(join(appDir, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  writeFileSync(join(appDir, 'index.html'), '<!doctype html><title>Noren</title><!--boot-->')
  writeFileSync(join(appDir, 'assets', 'app-1a2b3c.js'), 'export const open = true')
  writeFileSync(join(appDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  house = await openHouse({ appDir })
})
afterEach(async () => {
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (path: string) => fetch(`${house.url}${path}`)

function bootOf(html: string): Boot {
  const [, json = ''] =
    /<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(html) ?? []
  return JSON.parse(json) as Boot
}

/** Asks for a path as it stands, without the tidying up that fetch does first. */
async function askRaw(path: string) {
  const client = new Client(house.url)
  const answer = await client.request({ method: 'GET', path })
  const text = await answer.body.text()
  await client.close()
  return { status: answer.statusCode, text }
}

test('the page carries all that its first paint needs', async () => {
  const { id } = house.stripe.addLink(TEA)
  const page = await open('/')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const boot = bootOf(await page.text())
  expect(boot).toMatchObject({
    liffId: house.config.liff.id,
    shop: { name: { ja: 'のれん茶房' }, taxNote: { ja: '税込' } },
    offers: [{ id, amount: 3960 }],
  })
  expect(boot.shop.legal.map(({ item }) => item)).toContain('representative')
  expect(boot.offers?.[0]).not.toHaveProperty('url')
})

test.each([
  '/orders',
  '/orders/cs_test_1?x=1',
  '/checkout/plink_1',
  '/legal',
  '/?liff.state=%2Forders',
])('the deep link %s opens the page', async (path) => {
  const page = await open(path)
  expect(page.status).toBe(200)
  expect(bootOf(await page.text()).liffId).toBe(house.config.liff.id)
})

test('a product’s name cannot break out of the page', async () => {
  const name = '</script><script>alert(1)</script><!-- \u2028 $& $` "'
  house.stripe.addLink({ items: [{ name, amount: 500 }] })
  const html = await (await open('/')).text()
  expect(bootOf(html).offers?.[0]?.name).toBe(name)
  expect(html.match(/<\/?script/g)).toHaveLength(2)
  expect(html).not.toContain('<!--')
})

test('the page runs only our own code, and nobody may frame it', async () => {
  const { headers } = await open('/')
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toMatch(/script-src 'self'(;|$)/)
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|\*/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('strict-transport-security')).toBeNull()
})

test('on https, browsers are told to stay there', async () => {
  await house.close()
  const appDir = join(folder, 'app')
  house = await openHouse({ appDir, env: { PUBLIC_URL: 'https://shop.example.jp' } })
  expect((await open('/')).headers.get('strict-transport-security')).toMatch(/max-age=\d{6,}/)
})

test('files that are named by their content are kept for good, the page itself never', async () => {
  const script = await open('/assets/app-1a2b3c.js')
  expect(script.status).toBe(200)
  expect(script.headers.get('content-type')).toMatch(/javascript/)
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect((await open('/icon.svg')).headers.get('cache-control')).toBe('public, max-age=3600')
  expect((await open('/')).headers.get('cache-control')).toBe('no-cache')
})

test.each(['/assets/app-gone.js', '/assets/', '/api/nothing', '/api', '/api?x', '/webhooks/none'])(
  'there is no page at %s, only a 404 with a code',
  async (path) => {
    const answer = await open(path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/json/)
  },
)

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/..%5csecret.txt',
  '/assets/%252e%252e/%252e%252e/secret.txt',
  '//secret.txt',
  '/assets/app-1a2b3c.js%00.txt',
  '/%zz',
  '/%c0%ae%c0%ae/secret.txt',
])('no path like %s leads out of the page’s folder, nor to a crash', async (path) => {
  const { status, text } = await askRaw(path)
  expect(status).toBeLessThan(500)
  expect(text).not.toContain(SECRET)
})

test('other methods than reading find nothing at the page’s address', async () => {
  for (const method of ['POST', 'PUT', 'DELETE'])
    expect((await fetch(house.url, { method })).status).toBe(404)
})

test('the page has its data also under its file’s own name', async () => {
  expect(bootOf(await (await open('/index.html')).text()).liffId).toBe(house.config.liff.id)
})

test('an address that cannot be read is refused like every other bad request', async () => {
  const { status, text } = await askRaw('/api/orders/%zz')
  expect(status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'bad_request' } })
})
