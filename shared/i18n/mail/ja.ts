/**
 * What only a mail says. Everything else is as in the chat (`messages/`); `instead` holds the sentences that
 * speak of the chat itself, by what they replace.
 */
export const ja = {
  subject: (title: string, number: string) => `${title}（${number}）`,
  instead: {
    leadKonbini:
      'ご注文を承りました。期限までに、下のいずれかのコンビニでお支払いください。ご入金を確認できしだい、あらためてお知らせいたします。',
    lead: 'ご注文を承りました。お支払い画面のご案内にそって、お手続きをお済ませください。ご入金を確認できしだい、あらためてお知らせいたします。',
    ask: 'ご不明な点がございましたら、このメールの末尾の連絡先まで、お気軽にお問い合わせください。',
  },
  why: {
    order: (shop: string) => `このメールは、${shop} でご注文くださった方に自動でお送りしています。`,
    member: (shop: string) => `このメールは、${shop} の会員の方に自動でお送りしています。`,
    payer: (shop: string) =>
      `このメールは、${shop} でお支払いくださった方に自動でお送りしています。`,
    campaign: (shop: string) =>
      `このメールは、${shop} からのご案内をお受け取りの方にお送りしています。`,
    staff: (shop: string) => `このメールは、${shop} の担当の方に自動でお送りしています。`,
  },
  invite: {
    title: 'LINE でもご利用いただけます',
    hello: (name: string) => `${name} 様`,
    thanks: (shop: string) => `${shop} をご利用いただき、ありがとうございます。`,
    thanksFor: (plan: string) => `${plan}をお申し込みいただき、ありがとうございます。`,
    what: 'お使いの LINE とつなぐと、ご注文の内容や会員ページを LINE でいつでもご覧いただけます。大切なお知らせも LINE に届きます。',
    once: (until: string) =>
      `下のボタンは ${until} まで、一度だけお使いいただけます。ご本人さま専用ですので、このメールはほかの方に転送なさらないでください。`,
    stranger: 'お心当たりのない場合は、このメールを破棄してください。そのままで何も変わりません。',
    connect: 'LINE とつなぐ',
    alt: (shop: string, until: string) =>
      `【${shop}】お使いの LINE とつなぐと、ご注文の内容や会員ページを LINE でご覧いただけます（${until} まで）。`,
  },
  unsubscribe: '配信を停止する',
  replies: 'ご質問は、このメールへのご返信でも承ります。',
  staff: {
    staff_paid: 'ご注文が入りました',
    staff_late: 'ご購入者にお知らせしていないご注文',
    staff_quota: 'LINEメッセージの上限に達しました',
    chat_outage: (chat: string) => `${chat}に送れない時間がありました`,
    mail_outage: 'メールを送れない時間がありました',
    staff_dead: '処理できなかったお知らせがあります',
    staff_late_many: 'お知らせしていないご注文があります',
    staff_dispute: 'お支払いへの異議申し立てがありました',
    staff_refund: '返金がありました',
    staff_payment_failed: '会費を引き落とせませんでした',
    staff_person: 'ご確認をお願いします',
    staff_quota_near: 'LINEメッセージの残りが少なくなりました',
    staff_endpoint_off: '連携先への送信を止めました',
    staff_sign: 'Discordのロールを付け外しできません',
    buyer: 'ご購入者',
  },
}

export type MailWords = typeof ja
