import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { logInAs } from './support/buy.ts'
import { heard, messagesFor } from './support/chat.ts'
import { openStage, type Stage } from './support/stage.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

test('a payment that began on a poster belongs to whoever comes back from it, and the receipt follows', async () => {
  const { rig } = stage
  const poster = rig.stripe.addLink({
    items: [{ name: '番茶 200g', amount: 700 }],
    returnUrl: `${rig.origin}/return?session={CHECKOUT_SESSION_ID}`,
  })
  const session = rig.stripe.visit(poster.url)
  await rig.stripe.payByCard(session)
  const [line] = await messagesFor(rig, rig.staff.id, 1)
  expect(line).toContain('¥700')

  const finder = stage.person({ name: '村上 巧' })
  const page = await stage.visit()
  await page.goto(`/return?session=${session}`)
  await logInAs(page, finder.name)
  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await page.getByText('番茶 200g').waitFor()
  const [receipt] = await messagesFor(rig, finder.userId, 1)
  expect(receipt).toContain('¥700')

  const other = stage.person({ name: '近藤 他人' })
  const elsewhere = await stage.visit({ expecting: /status of 40[49]/ })
  await elsewhere.goto(`/return?session=${session}`)
  await logInAs(elsewhere, other.name)
  await elsewhere.getByRole('heading', { name: ja.problems.alreadyClaimed.title }).waitFor()
  expect(await elsewhere.getByText('番茶 200g').count()).toBe(0)
  expect(heard(rig, other.userId)).toEqual([])

  await elsewhere.goto(`/orders/${session}`)
  await elsewhere.getByRole('heading', { name: ja.problems.orderNotFound.title }).waitFor()
  await elsewhere.getByRole('alert').getByRole('link', { name: ja.shell.orders }).click()
  await elsewhere.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()

  await page.reload()
  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  expect(heard(rig, finder.userId)).toHaveLength(1)
  expect(rig.mail.box().filter(({ subject }) => subject.includes(ja.messages.paid.title))).toEqual(
    [],
  )
})
