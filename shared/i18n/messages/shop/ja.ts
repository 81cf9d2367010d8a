/** What the shop itself hears besides its orders, and how somebody stops what it recommends. */
export const ja = {
  line: (label: string, value: string) => `${label}：${value}`,
  stop: 'このようなご案内を止める',
  dispute: (number: string, items: string, amount: string, buyer: string) =>
    `カード会社を通じて、お支払いへの異議申し立てがありました。番号 ${number}、${items}、対象額 ${amount}、ご購入者：${buyer}。回答には期限があります。Stripeの管理画面でご確認ください。`,
  refund: (number: string, items: string, amount: string, buyer: string) =>
    `返金がありました。番号 ${number}、${items}、返金額 ${amount}、ご購入者：${buyer}`,
  buyerUnknown: '不明',
  failed: (role: string, fee: string) => `「${role}」の方の${fee}を引き落とせませんでした。`,
  failedStays: (until: string) => `ご本人にはお知らせしました。${until} までは会員のままです。`,
  failedRests: 'ご本人にはお知らせしました。お支払いがあるまで、会員のご利用はお休みとなります。',
  person: {
    forged_reference: (about: string) =>
      `参照IDの正しくないお支払いがありました（${about}）。どなたのLINEとも結びつけていません。Stripeの管理画面でご確認ください。`,
    no_mail: (about: string) =>
      `メールアドレスの分からない方のお支払いがあり、ご案内を送れませんでした（${about}）。Stripeの管理画面でご連絡先をご確認ください。`,
    two_subscriptions: (about: string) =>
      `おひとりの方が、同時にふたつの定期のお支払いをお持ちです（${about}）。二重のお申し込みでないか、Stripeの管理画面でご確認ください。`,
    customer_of_another: (about: string) =>
      `Stripeの顧客（${about}）は、すでにほかの方と結びついています。同じ方かどうか、ご確認ください。`,
  },
  quotaNear: (used: number, total: number, percent: number) =>
    `今月のLINEメッセージは、${total}通のうち ${used}通（${percent}％）をお使いです。使い切ると、ご注文のお知らせもLINEでは送れなくなります。LINE公式アカウントの料金プランをご確認ください。`,
  endpointOff: (endpoint: string, host: string, since: string, reason: string) =>
    `連携先「${endpoint}」（${host}）が ${since} から受け取らないため、送信を止めました。理由：${reason}。直しましたら、送信を再開してください。`,
  sign: {
    named: (title: string, role: string) => `「${title}」（${role}）`,
    refused: (role: string, mend: string) =>
      `Discordのロール ${role} を、会員の方に付け外しできません。${mend}直しましたら、次のコマンドでご確認ください。お待ちの方には、そのあと自動で付きます。`,
    mend: {
      above_bot:
        'ボットのロールより上にあるためです。Discordの「サーバー設定」→「ロール」で、ボットのロールをこのロールより上へドラッグしてください。',
      no_permission:
        'ボットに「ロールの管理」の権限がないためです。Discordの「サーバー設定」→「ロール」→ ボットのロール →「権限」で「ロールの管理」をオンにしてください。',
      no_role:
        'サーバーにそのロールがないためです。Discordの「サーバー設定」→「ロール」でIDをコピーし、shop.config の discordRoles を書き直してください。',
      other: (said: string) => `Discordの返答：${said}。`,
    },
  },
  digest: {
    title: (day: string) => `${day}のまとめ`,
    orders: 'ご注文',
    revenue: '売上',
    refunded: '返金',
    awaiting: 'お支払い待ち',
    joined: '入会',
    left: '退会',
    members: '会員数',
    line: 'LINEメッセージ（今月）',
    dead: '確認が必要なもの',
    count: (count: number) => `${count}件`,
    people: (count: number) => `${count}名`,
    messages: (used: number, total: number) => `${used} / ${total}通`,
    messagesUsed: (used: number) => `${used}通`,
    look: (command: string) => `サーバーで次のコマンドを実行し、内容をご確認ください。\n${command}`,
  },
}

export type ShopWords = typeof ja
