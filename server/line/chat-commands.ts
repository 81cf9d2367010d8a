import { CAMPAIGN_COMMANDS, CHAT_COMMANDS, type ChatCommand } from '../ports.ts'

/** The longest word below has little more than half of it; what is longer was written to a person. */
const LONGEST = 40
const OURS = 'noren:'
const ALL = [...CHAT_COMMANDS, ...CAMPAIGN_COMMANDS]

/** What people type, in every language we speak and whichever the reader's is. Spaces do not count. */
const WORDS: Record<ChatCommand, string> = {
  membership: `
    会員, 会員ページ, 会員証, 会員登録, 会員情報, 会員について, 会員になる, 会員になりたい, かいいん, 入会, 入会する, 入会したい,
    マイページ, メンバー, メンバーシップ, メンバーページ, サブスク, サブスクリプション, 定期便, 定期購入, プラン, プラン変更,
    支払い方法, お支払い方法, 支払い方法の変更, カード変更,
    member, members, membership, my membership, my page, my account, join, join us, become a member, sign up,
    subscribe, subscription, my subscription, plan, plans, portal, billing,
    สมาชิก, สมัครสมาชิก, สมัคร, หน้าสมาชิก, แพ็กเกจ,
    會員, 会员, 會員頁面, 會員專區, 會員資料, 加入會員, 成為會員, 加入会员, 訂閱, 订阅, 定期購, 方案`,
  orders: `
    注文, ご注文, 注文履歴, ご注文履歴, 注文確認, 注文内容, 購入履歴, ちゅうもん, オーダー, 領収書,
    order, orders, my order, my orders, order history, purchases, receipt, receipts,
    คำสั่งซื้อ, ประวัติคำสั่งซื้อ, ออเดอร์, ใบเสร็จ,
    訂單, 订单, 我的訂單, 訂單紀錄, 訂單查詢, 查訂單, 購買紀錄, 收據`,
  cancel: `
    解約, 解約する, 解約したい, 解約したいです, 解約方法, 解約手続き, かいやく, 退会, 退会する, 退会したい, 退会したいです, 退会方法,
    キャンセル, キャンセルしたい, キャンセルする, 会員をやめる, 会員をやめたい,
    cancel, cancel membership, cancel my membership, cancel subscription, cancel my subscription, how to cancel, unsubscribe,
    ยกเลิก, ยกเลิกสมาชิก, ยกเลิกการสมัคร, ขอยกเลิก, เลิกเป็นสมาชิก,
    取消, 取消會員, 取消会员, 取消訂閱, 取消订阅, 退會, 退会员, 退訂, 解除會員, 停止訂閱`,
  friend: `
    友だち, 友達, ともだち, トモダチ, 友だち追加, 友達追加, お友だち, お友達, 友だち登録, 友達登録,
    friend, friends, add friend, add as a friend, เพื่อน, เพิ่มเพื่อน, 好友, 加好友, 加入好友`,
  shop: `
    お店, 店, みせ, おみせ, 商品, 商品一覧, ショップ, オンラインショップ, メニュー, カタログ, 買い物, お買い物,
    shop, store, menu, products, catalog, catalogue, ร้าน, ร้านค้า, สินค้า, เมนู,
    商店, 店鋪, 商品列表, 菜單, 選單, 購物`,
  help: `
    ヘルプ, へるぷ, 使い方, つかいかた, 使いかた, 操作方法, コマンド, ?, help, commands, how to use, usage,
    ช่วยเหลือ, ช่วยด้วย, วิธีใช้, คำสั่ง, 說明, 说明, 幫助, 帮助, 使用方法, 使用說明, 怎麼用`,
  stop: `
    配信停止, 配信を停止, 配信停止希望, 配信停止して, 配信停止してください, 配信をやめる, 配信解除, お知らせ停止, 案内停止, ご案内停止,
    stop, stop messages, stop offers, stop sending, opt out, optout, stop notifications,
    หยุดรับข่าวสาร, หยุดรับข้อความ, หยุดส่งข้อความ, ยกเลิกรับข่าวสาร,
    停止接收, 停止接收訊息, 停止推播, 取消推播, 停止發送, 不要再傳`,
  start: `
    配信再開, 配信を再開, 配信再開希望, 配信開始, お知らせ再開, 案内再開, ご案内再開,
    start, start messages, opt in, optin, resume messages, รับข่าวสาร, รับข่าวสารอีกครั้ง, เริ่มรับข่าวสาร,
    恢復接收, 恢復接收訊息, 恢復推播, 重新接收, 開始接收`,
}

/** Quotes, slashes, full stops, hearts and whatever else one puts around a word. */
const AROUND =
  /^[\p{P}\p{S}\p{Z}\p{C}\p{Variation_Selector}]+|[\p{P}\p{S}\p{Z}\p{C}\p{Variation_Selector}]+$/gu

const commands = new Map<string, ChatCommand>(
  ALL.flatMap((command) =>
    WORDS[command].split(',').map((word) => [squeezed(word), command] as const),
  ),
)

/**
 * What somebody asks of the shop's machine by a word alone: 「解約」, "/help", 「ｶｲｲﾝ」 in any width. null: a
 * sentence, which is for people, even where one of the words stands in it.
 */
export function commandOf(text: string): ChatCommand | null {
  // Before anything else: one character can become eighteen by NFKC.
  if (text.length > LONGEST * 2) return null
  const said = text.normalize('NFKC').trim()
  if ([...said].length > LONGEST) return null
  return commands.get(squeezed(said.replace(AROUND, ''))) ?? commands.get(said) ?? null
}

function squeezed(word: string): string {
  const plain = word.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
  return plain.replace(/[ァ-ヶ]/g, asHiragana)
}

/** 「カイイン」 is 「かいいん」, as half of all keyboards write it. The two alphabets lie 96 places apart. */
function asHiragana(katakana: string): string {
  return String.fromCodePoint((katakana.codePointAt(0) ?? 0) - 0x60)
}

/**
 * What a button of ours asks for. One that an earlier version made, whose word we no longer know, still
 * leads somewhere; null: the button is not ours (another module of the same account made it).
 */
export function commandOfPostback(data: string): ChatCommand | null {
  if (!data.startsWith(OURS)) return null
  const asked = data.slice(OURS.length).trim().toLowerCase()
  const known = ALL.find((command) => command === asked)
  if (known) return known
  return /member|join|portal/.test(asked) ? 'membership' : 'shop'
}
