// The page in the frame: shows what the table sells, and asks for a session when something is chosen.
const told = new URLSearchParams(location.hash.slice(1))
const table = `pricing-table/${encodeURIComponent(told.get('pricing-table-id') ?? '')}`
const key = told.get('publishable-key') ?? ''
const secret = told.get('customer-session-client-secret') ?? ''
const japanese = navigator.language.startsWith('ja')
const words = japanese
  ? {
      strip: '練習用の料金表（Stripe の代わり）',
      choose: '申し込む',
      tryIt: '無料で試す',
      trial: (days) => `${days}日間無料`,
      per: { day: '日', week: '週', month: '月', year: '年' },
      by: { day: '日払い', week: '週払い', month: '月払い', year: '年払い' },
      failed: 'この料金表は表示できません。',
    }
  : {
      strip: 'A practice pricing table, in place of Stripe’s',
      choose: 'Subscribe',
      tryIt: 'Start trial',
      trial: (days) => `${days} days free`,
      per: { day: 'day', week: 'week', month: 'month', year: 'year' },
      by: { day: 'Daily', week: 'Weekly', month: 'Monthly', year: 'Yearly' },
      failed: 'This pricing table cannot be shown.',
    }
const main = document.querySelector('main')
document.documentElement.lang = japanese ? 'ja' : 'en'

function make(name, text, cls) {
  const element = document.createElement(name)
  element.textContent = text
  if (cls) element.className = cls
  return element
}

function money({ amount, currency, interval }) {
  const price = make('p', '', 'price')
  const digits = ['jpy', 'krw', 'vnd'].includes(currency) ? 0 : 2
  const text = new Intl.NumberFormat(navigator.language, { style: 'currency', currency })
  price.append(text.format(amount / 10 ** digits))
  if (interval) price.append(make('small', ` / ${words.per[interval]}`))
  return price
}

function plan(offer) {
  const card = document.createElement('section')
  card.className = 'plan'
  const button = make('button', offer.trialDays ? words.tryIt : words.choose)
  button.type = 'button'
  button.setAttribute('aria-label', `${button.textContent}: ${offer.name}`)
  button.addEventListener('click', () => choose(offer.price, button))
  card.append(make('h2', offer.name))
  if (offer.description) card.append(make('p', offer.description))
  card.append(money(offer))
  if (offer.trialDays) card.append(make('p', words.trial(offer.trialDays)))
  card.append(button)
  return card
}

async function choose(price, button) {
  button.setAttribute('aria-disabled', 'true')
  const body = new URLSearchParams({
    price,
    key,
    reference: told.get('client-reference-id') ?? '',
    email: told.get('customer-email') ?? '',
    customer_session: secret,
  })
  const answer = await fetch(`${table}/sessions`, { method: 'POST', body })
  if (answer.ok) tell({ url: (await answer.json()).url })
  else fail()
}

function show(offers, interval) {
  const intervals = [...new Set(offers.map((offer) => offer.interval))]
  const row = document.createElement('div')
  row.className = 'intervals'
  for (const each of intervals.length > 1 ? intervals : []) {
    const button = make('button', words.by[each] ?? '')
    button.type = 'button'
    button.setAttribute('aria-pressed', String(each === interval))
    button.addEventListener('click', () => show(offers, each))
    row.append(button)
  }
  const shown = offers.filter((offer) => offer.interval === interval)
  main.replaceChildren(make('p', words.strip, 'strip'), row, ...shown.map(plan))
  tell({ height: document.documentElement.scrollHeight })
}

function fail() {
  main.replaceChildren(make('p', words.failed))
  tell({ height: 120 })
}

/** To whichever page the element stands on; there is nothing secret in it. */
function tell(message) {
  parent.postMessage(message, '*')
}

fetch(`${table}?${new URLSearchParams({ key, customer_session: secret })}`).then(async (answer) => {
  if (!answer.ok) return fail()
  const { offers } = await answer.json()
  show(offers, offers[0]?.interval ?? null)
}, fail)
