import { ja as chat } from './chat/ja.ts'
import { ja as members } from './members/ja.ts'
import { ja as shopNews } from './shop/ja.ts'

/** What the shop says in the chat. Japanese is the source: its shape is every language's shape. */
export const ja = {
  orderNumber: 'ご注文番号',
  orderedAt: 'ご注文日時',
  paidAt: 'お支払い日',
  paymentMethod: 'お支払い方法',
  unnamedItem: '商品',
  moreItems: (count: number) => `ほか ${count} 点`,
  itemAndMore: (item: string, more: number) => (more > 0 ? `${item} ほか${more}点` : item),
  subtotal: '小計',
  discount: '割引',
  shipping: '送料',
  tax: '消費税等',
  taxIncluded: 'うち消費税等',
  total: '合計',
  withTaxNote: (text: string, note: string) => `${text}（${note}）`,
  seeOrder: 'ご注文の詳細を見る',
  orderAgain: 'もう一度注文する',
  methods: {
    card: 'クレジットカード',
    konbini: 'コンビニ払い',
    paypay: 'PayPay',
    link: 'Link',
    customer_balance: '銀行振込',
    alipay: 'Alipay',
    wechat_pay: 'WeChat Pay',
    promptpay: 'PromptPay',
    paypal: 'PayPal',
  },
  paid: {
    title: 'ご注文ありがとうございます',
    lead: 'お支払いを確認いたしました。ご注文の内容は次のとおりです。',
    leadFree: 'ご注文を承りました。内容は次のとおりです。',
    alt: (shop: string, items: string, total: string, number: string) =>
      `【${shop}】ご注文ありがとうございます。${items}、合計 ${total}のお支払いを確認いたしました。ご注文番号は ${number} です。`,
    altFree: (shop: string, items: string, number: string) =>
      `【${shop}】ご注文ありがとうございます。${items}を承りました。ご注文番号は ${number} です。`,
  },
  awaiting: {
    title: 'お支払いをお待ちしています',
    leadKonbini:
      'ご注文を承りました。期限までに、下のいずれかのコンビニでお支払いください。ご入金を確認できしだい、このトークでお知らせいたします。',
    lead: 'ご注文を承りました。お支払い画面やメールのご案内にそって、お手続きをお済ませください。ご入金を確認できしだい、このトークでお知らせいたします。',
    deadline: 'お支払い期限',
    paymentCode: 'お支払い番号',
    confirmationNumber: '確認番号',
    voucher: 'お支払い手順を見る',
    stores: {
      familymart: 'ファミリーマート',
      lawson: 'ローソン',
      ministop: 'ミニストップ',
      seicomart: 'セイコーマート',
    },
    altKonbini: (shop: string, total: string, deadline: string, number: string) =>
      `【${shop}】ご注文を承りました（ご注文番号 ${number}）。${deadline} までに、合計 ${total}をコンビニでお支払いください。`,
    alt: (shop: string, total: string, number: string) =>
      `【${shop}】ご注文を承りました（ご注文番号 ${number}）。合計 ${total}のお支払いをお待ちしています。`,
  },
  failed: {
    title: 'ご注文取り消しのお知らせ',
    leadKonbini:
      '期限までにコンビニでのお支払いを確認できなかったため、このご注文は取り消しとなりました。',
    lead: 'お支払いの手続きが完了しなかったため、このご注文は取り消しとなりました。',
    notCharged: '代金はいただいておりませんので、どうぞご安心ください。',
    againByButton: 'よろしければ、下のボタンからもう一度ご注文ください。',
    againInShop: 'よろしければ、お店のページからもう一度ご注文ください。',
    alt: (shop: string, number: string) =>
      `【${shop}】お支払いが完了しなかったため、ご注文（番号 ${number}）は取り消しとなりました。代金はいただいておりません。`,
  },
  refunded: {
    title: '返金のお知らせ',
    leadWhole: 'ご注文の代金を、全額返金いたしました。',
    leadRest: '残りの代金を返金いたしました。これで全額の返金となります。',
    leadPart: 'ご注文の代金の一部を返金いたしました。',
    thisRefund: '今回の返金額',
    refundedSoFar: '返金の合計',
    orderTotal: 'ご注文の合計',
    arrivalCard:
      'カード会社での処理のあと、通常5〜10営業日ほどでご利用明細に反映されます。お支払いそのものが取り消され、明細に載らないこともございます。',
    arrivalKonbini:
      'コンビニ払いのご返金は銀行口座へお振り込みいたします。Stripeから届くメールのご案内にそって、お受け取り口座をご登録ください。',
    arrivalOther: 'お支払い方法により、お手元に届くまで数日から数週間ほどかかることがございます。',
    altWhole: (shop: string, amount: string, number: string) =>
      `【${shop}】ご注文（番号 ${number}）は全額返金となりました。今回の返金額は${amount}です。`,
    altPart: (shop: string, amount: string, number: string) =>
      `【${shop}】ご注文（番号 ${number}）の代金のうち、${amount}を返金いたしました。`,
  },
  staff: {
    paid: (number: string, items: string, total: string, buyer: string) =>
      `ご注文が入りました。番号 ${number}、${items}、合計 ${total}、ご購入者：${buyer}`,
    late: (number: string, items: string, total: string, buyer: string) =>
      `日数が経っているため、ご購入者へのご注文のお知らせは送っていません。必要でしたらお店からご連絡ください。番号 ${number}、${items}、合計 ${total}、ご購入者：${buyer}`,
    named: (name: string) => `${name} さん`,
    nameUnknown: 'お客さま（お名前は取得できませんでした）',
    noReference: '不明（どのアカウントともつながりがないお支払いです）',
    forgedReference:
      '不明（参照IDが正しくありません。Stripeの管理画面でこのお支払いをご確認ください）',
  },
  notices: {
    quota: (since: string) =>
      `LINEメッセージの月間の上限に達したため、${since} からお知らせを送れませんでした。送れなかった分は、順に自動で送ります。続けて起きる場合は、LINE公式アカウントの料金プランをご確認ください。`,
    /** `chat`: LINE, Discord */
    outage: (chat: string, from: string, to: string, waited: number, look: string) =>
      `${from} から ${to} まで、${chat}にメッセージを送れませんでした。送信を待っている ${waited} 件は、順に自動で送ります。${look || '特に必要な操作はありません。'}`,
    mailOutage: (from: string, to: string, waited: number, look: string) =>
      `${from} から ${to} まで、メールを送れませんでした。送信を待っている ${waited} 通は、順に自動で送ります。${look || '特に必要な操作はありません。'}`,
    outageDead: (count: number, command: string) =>
      `届けられなかったお知らせが ${count} 件あります。サーバーで次のコマンドを実行し、内容をご確認ください。\n${command}`,
    dead: (count: number, command: string) =>
      `処理できなかったお知らせが ${count} 件あります。ご購入者への連絡が必要なこともあります。サーバーで次のコマンドを実行し、内容をご確認ください。\n${command}`,
    lateMany: (count: number, command: string) =>
      `日数が経っているため、ご購入者にお知らせを送っていないご注文が、ほかに ${count} 件あります。サーバーで次のコマンドを実行し、内容をご確認ください。\n${command}`,
  },
  members,
  shopNews,
  chat,
}

export type Messages = typeof ja
