import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeSandbox } from './sandbox/stripe/start.ts'
import type { StripeSandbox } from './sandbox/types.ts'

let sandbox: StripeSandbox
beforeEach(async () => {
  sandbox = await createStripeSandbox({
    seed: 'pages',
    now: () => new Date('2026-11-22T03:00:00Z'),
  })
})
afterEach(() => sandbox.close())

const TEA = { items: [{ name: '煎茶 <80g>', amount: 1_200, quantity: 2 }] }

async function open(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers })
  return { status: answer.status, url: answer.url, html: await answer.text() }
}

/** Presses the button of a form; the answer tells where the buyer is sent. */
async function press(path: string, fields: Record<string, string> = {}) {
  const answer = await fetch(new URL(path, sandbox.url), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  return {
    status: answer.status,
    onward: answer.headers.get('location'),
    html: await answer.text(),
  }
}

test('a visited link shows what is bought, in the language of the link, and says that it is a sandbox', async () => {
  const { url } = sandbox.addLink(TEA)
  const japanese = await open(`${url}?locale=ja&prefilled_email=taro%40example.jp`)
  expect(japanese.url).toContain('/pay/session/cs_test_')
  for (const text of [
    'サンドボックス',
    '煎茶 &lt;80g&gt;',
    '¥2,400',
    'taro@example.jp',
    'lang="ja"',
  ]) {
    expect(japanese.html).toContain(text)
  }
  const english = await open(`${url}?locale=en`)
  expect(english.html).toContain('Pay ¥2,400')
  expect(english.html).not.toContain('コンビニ')
  expect((await open(url, { 'accept-language': 'en-GB,en' })).html).toContain('lang="en"')
  expect((await open(url, { 'accept-language': 'ja-JP' })).html).toContain('lang="ja"')
})

test('looking at the same page again makes no second session, asking only for its header makes none', async () => {
  const { url } = sandbox.addLink(TEA)
  await fetch(url, { method: 'HEAD' })
  expect(sandbox.sessions()).toHaveLength(0)
  const page = await open(url)
  await open(page.url)
  expect(sandbox.sessions()).toHaveLength(1)
})

test('who pays by card comes back to the shop with the session and the campaign in the address', async () => {
  const link = sandbox.addLink({
    ...TEA,
    returnUrl: 'https://shop.example/r?s={CHECKOUT_SESSION_ID}',
  })
  const id = sandbox.visit(`${link.url}?utm_source=poster&utm_medium=a%20b`)
  const paid = await press(`/pay/session/${id}`, { email: 'a@b.jp', name: '佐藤' })
  expect(paid).toMatchObject({
    status: 303,
    onward: `https://shop.example/r?s=${id}&utm_source=poster`,
  })
  expect(sandbox.session(id)).toMatchObject({
    payment_status: 'paid',
    customer_details: { email: 'a@b.jp', name: '佐藤' },
  })
})

test('a second press of the button does not pay twice', async () => {
  const id = sandbox.visit(sandbox.addLink(TEA).url)
  const answers = await Promise.all([press(`/pay/session/${id}`), press(`/pay/session/${id}`)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 303])
  const succeeded = sandbox.events().filter(({ type }) => type === 'charge.succeeded')
  expect(succeeded).toHaveLength(1)
})

test.each([
  ['a declined card', { number: '4000 0000 0000 0002' }, '拒否'],
  ['a real-looking card', { number: '4111 1111 1111 1111' }, 'テスト用'],
  ['an expired card', { expiry: '10 / 26' }, '有効期限'],
  ['a month that does not exist', { expiry: '13 / 30' }, '有効期限'],
  ['a short security code', { cvc: '1' }, 'セキュリティコード'],
  ['no e-mail', { email: 'nobody' }, 'メールアドレスを正しく'],
  ['no name', { name: ' ' }, 'お名前を入力'],
  ['a method that is not offered', { method: 'konbini' }, 'お支払い方法を選んで'],
])('%s is told on the page and the session stays open', async (_what, fields, words) => {
  const id = sandbox.visit(`${sandbox.addLink(TEA).url}?locale=ja`)
  const refused = await press(`/pay/session/${id}`, fields)
  expect(refused.status).toBe(402)
  expect(refused.html).toContain(words)
  expect(refused.html).toContain('role="alert"')
  expect(sandbox.session(id).status).toBe('open')
})

test('a card is good to the last day of its month', async () => {
  const id = sandbox.visit(sandbox.addLink(TEA).url)
  expect(await press(`/pay/session/${id}`, { expiry: '11/26' })).toMatchObject({ status: 303 })
})

test('who chooses konbini lands on the voucher, not in the shop, and the clerk takes the money', async () => {
  const link = sandbox.addLink({
    ...TEA,
    paymentMethods: ['card', 'konbini'],
    returnUrl: 'https://shop.example/r',
  })
  const id = sandbox.visit(`${link.url}?locale=ja`)
  const ordered = await press(`/pay/session/${id}`, { method: 'konbini', store: 'lawson' })
  const intent = String(sandbox.session(id).payment_intent)
  expect(ordered.onward).toBe(`/voucher/${intent}?store=lawson`)

  const voucher = await open(sandbox.url + ordered.onward)
  expect(voucher.html).toContain('2026年11月25日 23:59')
  expect(voucher.html.indexOf('ローソン')).toBeLessThan(voucher.html.indexOf('ファミリーマート'))
  expect((await open(`${sandbox.url}/pay/session/${id}`)).url).toContain(`/voucher/${intent}`)

  expect(await press(`/voucher/${intent}/settle`)).toMatchObject({ status: 303 })
  expect(sandbox.session(id).payment_status).toBe('paid')
  expect((await open(`${sandbox.url}/voucher/${intent}`)).html).toContain(
    'お支払いを受け付けました',
  )
  await press(`/voucher/${intent}/lapse`)
  expect(sandbox.session(id).payment_status).toBe('paid')
})

test('a voucher that the clerk lets expire says so', async () => {
  const id = sandbox.visit(sandbox.addLink({ ...TEA, paymentMethods: ['konbini'] }).url)
  await sandbox.payByKonbini(id)
  const intent = sandbox.session(id).payment_intent
  await press(`/voucher/${intent}/lapse`)
  const page = await open(`${sandbox.url}/voucher/${intent}`, { 'accept-language': 'en' })
  expect(page.html).toContain('The deadline has passed')
})

test('PayPay pays at once', async () => {
  const id = sandbox.visit(sandbox.addLink({ ...TEA, paymentMethods: ['card', 'paypay'] }).url)
  await press(`/pay/session/${id}`, { method: 'paypay' })
  expect(sandbox.session(id).payment_status).toBe('paid')
})

test('where the shop allows it, the buyer chooses how many, and the total follows', async () => {
  const id = sandbox.visit(sandbox.addLink({ ...TEA, adjustableQuantity: true }).url)
  await press(`/pay/session/${id}/quantity`, { 'quantity[0]': '5' })
  expect(sandbox.session(id).amount_total).toBe(6_000)
  await press(`/pay/session/${id}/quantity`, { 'quantity[0]': '0' })
  expect(sandbox.session(id).amount_total).toBe(6_000)

  const fixed = sandbox.visit(sandbox.addLink(TEA).url)
  await press(`/pay/session/${fixed}/quantity`, { 'quantity[0]': '5' })
  expect(sandbox.session(fixed).amount_total).toBe(2_400)
})

test('what is offered besides is taken with a button, counted by itself, and put back with another', async () => {
  const cake = { name: '抹茶カステラ', amount: 1_200 }
  const seed = { ...TEA, items: [{ name: '煎茶', amount: 1_000 }], optionalItems: [cake] }
  const id = sandbox.visit(sandbox.addLink(seed).url)
  const [price = ''] = sandbox.session(id).optional_items?.map((item) => item.price) ?? []
  await press(`/pay/session/${id}/optional`, { price: 'price_of_something_else' })
  expect(sandbox.session(id).amount_total).toBe(1_000)
  await press(`/pay/session/${id}/optional`, { price })
  expect(sandbox.session(id).amount_total).toBe(2_200)
  // Neither row lets the buyer choose how many.
  await press(`/pay/session/${id}/quantity`, { 'quantity[0]': '5', 'quantity[1]': '5' })
  expect(sandbox.session(id).amount_total).toBe(2_200)
  await press(`/pay/session/${id}/optional`, { price })
  expect(sandbox.session(id).amount_total).toBe(1_000)
})

test('switched-off links, unknown links and expired sessions are explained, and cannot be paid', async () => {
  const link = sandbox.addLink(TEA)
  const id = sandbox.visit(link.url)
  await sandbox.expire(id)
  const closed = await press(`/pay/session/${id}`)
  expect(closed.html).toContain('終了しました')
  expect(sandbox.session(id).payment_status).toBe('unpaid')
  sandbox.updateLink(link.id, { active: false })
  expect((await open(link.url)).html).toContain('現在ご利用いただけません')
  for (const path of [
    '/pay/plink_none',
    '/pay/session/cs_none',
    '/voucher/pi_none',
    '/portal/bps',
  ]) {
    expect(await open(sandbox.url + path)).toMatchObject({ status: 404 })
  }
})
