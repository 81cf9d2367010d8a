import type { Happening } from '../../types.ts'
import type { PageLanguage } from './words.ts'

type Caption = [pattern: RegExp, ja: string, en: string]

/** What the requests of the two vendors mean to a shopkeeper; the first that fits is shown. */
const CAPTIONS: Caption[] = [
  [/^\/(join|membership|orders|help)\b/, 'スラッシュコマンド', 'A slash command'],
  [/^\[.*\]$/, 'ボタンが押されました', 'A button was pressed'],
  [/^PING/, 'Discord が署名の確かめ方を試す', 'Discord tries how signatures are checked'],
  [/^POST \/users\/@me\/channels/, 'その人との DM をひらく', 'Open the chat for a DM'],
  [/^POST \/channels\/.*messages/, 'DM を送る', 'Send a DM'],
  [/^GET \/channels\/.*messages/, 'もう届いているか確かめる', 'Has it arrived before?'],
  [/^PATCH \/webhooks\//, '「考え中」を返事に書き替える', 'Turn “thinking” into the answer'],
  [/^POST \/webhooks\//, '返事を書き添える', 'Add to the answer'],
  [/^PUT .*\/roles\//, 'ロールを付ける', 'Give the role'],
  [/^DELETE .*\/roles\//, 'ロールを外す', 'Take the role away'],
  [/^GET .*\/members\/./, 'いまのロールを確かめる', 'Look at their roles'],
  [/^GET .*\/members/, 'みんなのロールを確かめる', "Look at everybody's roles"],
  [/^GET \/users\//, '名前をたずねる', 'Ask for the name'],
  [/\/applications\/.*commands/, 'コマンドを登録する', 'Register the commands'],
  [/^webhook /, '署名を確かめて他のシステムへ', 'Another system is told, signed'],
  [/^opens the Payment Link/, 'Stripe の支払いページを開く', 'Opens the pay page at Stripe'],
  [/^chooses a plan/, '料金表でプランを選ぶ', 'Chooses a plan in the pricing table'],
  [/^pays by card/, 'カードで支払う', 'Pays by card'],
  [/^chooses to pay at a konbini/, 'コンビニで払うと決める', 'Chooses to pay at a konbini'],
  [/^pays at the till/, 'コンビニのレジで支払う', 'Pays at the till'],
  [/^portal:/, 'Stripe のポータルで手続きする', 'Does something in the portal'],
  [/^gives a refund/, '返金する', 'Gives a refund'],
  [/checkout\.session\.completed/, '注文が入りました', 'An order was placed'],
  [/async_payment_succeeded/, '後払いの入金がありました', 'The money has come in'],
  [/async_payment_failed/, '支払われずに期限が過ぎました', 'The deadline passed unpaid'],
  [/checkout\.session\.expired/, '買いかけのまま時間切れ', 'A visit ended without an order'],
  [/charge\.refunded|refund\./, '返金がありました', 'Money went back'],
  [/charge\.dispute/, 'カード会社から異議が届きました', 'The card holder disputes it'],
  [/payment_link\.|product\.|price\./, '品書きが変わりました', 'The catalogue changed'],
  [/payment_intent\.|charge\./, '支払いの細かな知らせ', 'A detail of the payment'],
  [/subscription\.created/, '定期購入が始まりました', 'A subscription has begun'],
  [/subscription\.deleted/, '定期購入が終わりました', 'A subscription has ended'],
  [/subscription\.trial_will_end/, 'まもなく無料体験が終わります', 'A trial is about to end'],
  [/subscription\.paused/, '定期購入がお休みに入りました', 'A subscription was paused'],
  [/subscription\.resumed/, '定期購入が再開しました', 'A subscription goes on'],
  [/customer\.subscription/, '定期購入が変わりました', 'A subscription has changed'],
  [/invoice\.payment_failed/, '会費を引き落とせませんでした', 'A renewal could not be charged'],
  [/invoice\.(paid|payment_succeeded)/, '会費が支払われました', 'A renewal was paid'],
  [/invoice\./, '請求書の知らせ', 'About an invoice'],
  [/entitlements\./, '使える特典の知らせ', 'What a member may use'],
  [/test_clock\.advancing/, 'Stripe の時計が進みます', "Stripe's clock moves on"],
  [/test_clock\.created/, 'Stripe の時計を用意します', 'A clock for this person alone'],
  [/test_clock\.ready/, 'Stripe の時計が進みました', "Stripe's clock has moved"],
  [/customer\./, '顧客の知らせ', 'About a customer'],
  [/^message$/, 'トークに書き込みがありました', 'Somebody wrote in the chat'],
  [/^postback$/, 'メニューやボタンが押されました', 'A button in the chat was tapped'],
  [/POST .*user\/all\/richmenu/, 'みんなのメニューを決める', "Set everybody's menu"],
  [/POST .*user\/[^/]+\/richmenu/, 'この人のメニューを替える', "Change this person's menu"],
  [/DELETE .*user\/[^/]+\/richmenu/, 'この人のメニューを外す', "Take this person's menu away"],
  [/POST .*richmenu\/bulk/, '何人ものメニューを替える', 'Change the menus of many'],
  [/POST .*richmenu\/[^/]+\/content/, 'メニューの絵を渡す', "Upload the menu's picture"],
  [/POST .*richmenu$/, 'メニューを作る', 'Make a menu'],
  [/DELETE .*richmenu/, 'メニューを消す', 'Delete a menu'],
  [/richmenu/, 'メニューを確かめる', 'Look at the menus'],
  [/message\/push/, 'トークへメッセージを送る', 'Send a message to the chat'],
  [/message\/reply/, 'トークで返事をする', 'Answer in the chat'],
  [/bot\/profile/, '友だちかどうかを確かめる', 'Is this a friend, and who?'],
  [/group/, 'グループの名前をたずねる', 'Ask about the group'],
  [/\bunfollow\b/, '友だちをやめました', 'Blocked the shop'],
  [/\bfollow\b/, '友だちに追加されました', 'Added the shop as a friend'],
  [/authorize/, 'LINE でログインする', 'Log in with LINE'],
  [/oauth2\/v2\.1\/certs/, '身分証の印鑑を確かめる', "Fetch LINE's keys to check an ID"],
  [/oauth2\/v2\.1\/verify/, '鍵がまだ使えるか確かめる', 'Is the token still good?'],
  [/oauth2\/v[23]/, '鍵を受け取る', 'Fetch a token'],
  [/liff\/v2\/apps/, 'LIFF の支度をする', 'LIFF gets ready'],
  [/v2\/profile/, '名前をたずねる', 'Ask for the name'],
  [/friendship/, '友だちかどうかをたずねる', 'Ask whether they are friends'],
  [/line_items/, '明細を全部読む', 'Read every line item'],
  [/POST \/v1\/customer_sessions/, '料金表にお客様を伝える', 'Tell the table who it is'],
  [/POST \/v1\/checkout\/sessions/, '会員の手続きをひらく', 'Open the way to subscribe'],
  [/billing_portal\/configurations/, 'ポータルの設定を整える', "Keep the portal's settings"],
  [/billing_portal\/sessions/, 'その人のポータルをひらく', 'Open their own portal'],
  [/\/v1\/subscriptions/, '定期購入を確かめる', 'Look at the subscription'],
  [/\/v1\/invoice/, '請求書を確かめる', 'Look at the invoice'],
  [/test_helpers\/test_clocks/, 'Stripe の時計を見る', "Look at Stripe's clock"],
  [/entitlements/, '使える特典を確かめる', 'Look at what they may use'],
  [/\/v1\/customers/, '顧客を確かめる', 'Look at the customer'],
  [/checkout\/sessions\/cs_/, '注文をもう一度確かめる', 'Read the order itself'],
  [/checkout\/sessions/, '注文を探す', 'Look for orders'],
  [/\/v1\/events/, '届かなかった知らせを探す', 'Look for news that never came'],
  [/payment_intents/, '支払いを確かめる', 'Look at the payment'],
  [/payment_links/, '品書きを読む', 'Read the catalogue'],
  [/\/v1\/(prices|products)/, '商品と値段を読む', 'Read products and prices'],
  [/\/v1\/refunds/, '返金を確かめる', 'Look at the refunds'],
  [/\/v1\/charges|disputes/, '請求を確かめる', 'Look at the charge'],
  [/\/pay\b/, '支払いページを開く', 'Open the pay page'],
  [/\/voucher/, '払込票を開く', 'Open the voucher'],
]

/** Whether a title is a request or an event's name, and worth showing below the sentence. */
export function isTechnical(title: string): boolean {
  return /[/._]|^[a-z]+$/i.test(title)
}

/** A plain sentence for a row of the timeline, or null when its own title already is one. */
export function captionOf(happening: Happening, language: PageLanguage): string | null {
  // What reaches a phone is its own caption, and its words are the shop's: they could look like a request.
  if (happening.from === 'line' && happening.to !== 'noren') return menuCaption(happening, language)
  if (happening.from === 'discord' && happening.to !== 'noren')
    return discordCaption(happening, language)
  if (happening.status === 404 && happening.title.includes('bot/profile'))
    return language === 'ja' ? '友だちではないと分かる' : 'Learns that this is no friend'
  const found = CAPTIONS.find(([pattern]) => pattern.test(happening.title))
  if (!found) return null
  return found[language === 'ja' ? 1 : 2]
}

/** A menu has no words of its own to show, other than those of its bar. */
function menuCaption({ detail }: Happening, language: PageLanguage): string | null {
  const menu = detail as { richMenuId?: string | null; chatBarText?: string | null } | undefined
  if (menu?.richMenuId === undefined) return null
  const bar = menu.chatBarText
  if (language === 'ja')
    return bar ? `メニューが「${bar}」に替わりました` : 'メニューがなくなりました'
  return bar ? `The menu is now “${bar}”` : 'The menu is gone'
}

/** A change of roles in words; else what the reader sees of a message, without the marks that make it bold. */
function discordCaption({ title, detail }: Happening, language: PageLanguage): string {
  const { gave = [], took = [] } = (detail ?? {}) as { gave?: string[]; took?: string[] }
  const ja = language === 'ja'
  const said = [
    ...gave.map((role) => (ja ? `ロール「${role}」が付きました` : `Now has the role “${role}”`)),
    ...took.map((role) => (ja ? `ロール「${role}」が外れました` : `The role “${role}” is gone`)),
  ]
  return said.join(ja ? '、' : '; ') || title.replaceAll(/[*\\]/g, '')
}
