import { ja as pages } from '../../pages/ja.ts'

/**
 * What a member hears of their membership. `until` and `day` are times in Japan, `price` is for one cycle
 * (¥980/月). Each sentence stands in the bubble and in the notification, so it says the date itself.
 */
export const ja = {
  per: pages.price.per,
  unnamedRole: '会員',
  unnamedPlan: '会員プラン',
  role: '会員の種類',
  plan: 'プラン',
  price: '料金',
  firstPayment: '最初のお支払い日',
  nextPayment: '次回のお支払い日',
  endsOn: '有効期間',
  until: (when: string) => `${when} まで`,
  fee: '会費',
  feeOf: (amount: string) => `会費 ${amount}`,
  planAt: (plan: string, price: string) => `「${plan}」（${price}）`,
  planAlone: (plan: string) => `「${plan}」`,
  card: (brand: string | null, last4: string) => `${brand ?? ''}カード（下4桁 ${last4}）`,
  alt: (shop: string, said: string) => `【${shop}】${said}`,
  renews: (day: string, price: string) => `次回のお支払いは ${day}、${price}です。`,
  renewsOpen: (day: string) => `次回のお支払い日は ${day}です。`,
  buttons: {
    membership: '会員ページを開く',
    card: 'お支払い方法を更新する',
    join: 'もう一度入会する',
    look: '会員のご案内を見る',
  },
  welcome: {
    title: 'ご入会ありがとうございます',
    lead: (role: string) =>
      `「${role}」へようこそ。お手続きが完了いたしました。これからどうぞよろしくお願いいたします。`,
    trial: (until: string, price: string) =>
      `${until} までは無料でお試しいただけます。その後は、解約されないかぎり ${price}が自動でお支払いとなります。`,
    ends: (until: string) => `有効期間は ${until} までです。自動で更新されることはございません。`,
    lasts: (until: string) => `有効期間は ${until} までです。`,
    unending: '有効期限はございません。どうぞ末永くご利用ください。',
    changes: 'お支払い方法の変更や解約は、いつでも会員ページからお手続きいただけます。',
  },
  trialEnding: {
    title: 'まもなく無料期間が終わります',
    lead: (until: string) => `無料でお試しいただける期間は ${until} までです。`,
    goesOn: (price: string) =>
      `その後は ${price}が自動でお支払いとなり、そのまま会員としてご利用いただけます。`,
    stop: 'お続けにならない場合は、それまでに会員ページから解約のお手続きをお願いいたします。その場合、料金はかかりません。',
  },
  failed: {
    title: 'お支払いのご確認のお願い',
    lead: (fee: string) =>
      `${fee}のお支払いを確認できませんでした。カードの有効期限やご利用限度額によることがございます。`,
    stays: (until: string) =>
      `${until} までは、これまでどおり会員としてご利用いただけます。それまでに、お支払い方法の更新をお願いいたします。`,
    rests:
      'お支払いを確認できるまで、会員のご利用をお休みとさせていただきます。お支払い方法の更新をお願いいたします。',
  },
  grace: {
    title: '会員の期限が近づいています',
    lead: (fee: string) => `${fee}のお支払いが、まだ確認できておりません。`,
    stays: (until: string) =>
      `このままですと、会員としてのご利用は ${until} までとなります。それまでに、お支払い方法の更新をお願いいたします。`,
  },
  cardExpiring: {
    title: 'カードの有効期限が近づいています',
    lead: (card: string, month: string) =>
      `会費のお支払いにご登録の${card}は、${month}末で有効期限を迎えます。`,
    ask: '新しいカードがお手元に届きましたら、お支払い方法の更新をお願いいたします。',
    done: 'カード会社により自動で更新される場合もございます。すでにお手続きがお済みでしたら、どうぞご容赦ください。',
  },
  renewalAhead: {
    title: 'まもなく更新の時期です',
    lead: (role: string, day: string, price: string) =>
      `いつもご利用ありがとうございます。「${role}」は ${day}に自動で更新され、${price}のお支払いとなります。`,
    stop: '更新をご希望でない場合は、それまでに会員ページから解約のお手続きをお願いいたします。その場合、次の期間の料金はかかりません。',
  },
  ended: {
    title: '会員終了のお知らせ',
    titleResting: '会員のお休みのお知らせ',
    because: {
      cancelled: (role: string) =>
        `「${role}」は終了いたしました。今後、会費が引き落とされることはございません。`,
      unpaid: (role: string) =>
        `お支払いを確認できないまま期限を過ぎましたため、「${role}」は終了いたしました。`,
      resting: (role: string) =>
        `お支払いを確認できないまま期限を過ぎましたため、「${role}」をお休みとさせていただきました。お支払い方法を更新していただきますと、すぐに再開いたします。`,
      refunded: (role: string) => `ご返金にともない、「${role}」は終了いたしました。`,
      disputed: (role: string) =>
        `お支払いについてカード会社からお問い合わせがあったため、「${role}」のご利用を止めさせていただきました。`,
      ran_out: (role: string) => `「${role}」の有効期間が終了いたしました。`,
      by_shop: (role: string) => `お店の手続きにより、「${role}」は終了いたしました。`,
    },
    thanks: 'これまでご利用いただき、ありがとうございました。',
    ask: 'ご不明な点がございましたら、このトークでお気軽にお尋ねください。',
    back: 'またのご入会を、いつでもお待ちしております。',
  },
  changed: {
    title: 'プランの変更を承りました',
    lead: (before: string, after: string) =>
      `ご利用のプランが${before}から${after}に変わりました。`,
    leadOpen: (before: string) => `${before}のご利用内容が変わりました。`,
  },
  paused: {
    title: 'お休みを承りました',
    until: (day: string) =>
      `会員をお休みといたします。${day}に自動で再開いたします。それまで、会費はいただきません。`,
    open: '会員をお休みといたします。お休みのあいだ、会費はいただきません。再開は、会員ページからお手続きいただけます。',
  },
  resumed: {
    title: 'おかえりなさいませ',
    lead: (role: string) => `「${role}」を再開いたしました。またどうぞよろしくお願いいたします。`,
  },
  leaving: {
    title: '解約のお手続きを承りました',
    lead: (role: string, until: string) =>
      `解約のお手続きが完了いたしました。「${role}」は ${until} までご利用いただけます。その後、会費が引き落とされることはございません。`,
    undo: 'お気持ちが変わられましたら、それまでは会員ページで解約を取り消せます。',
  },
  staying: {
    title: '解約を取り消しました',
    lead: (role: string) =>
      `解約のお取り消しを確認いたしました。「${role}」は、これまでどおりご利用いただけます。ありがとうございます。`,
  },
}

export type MemberWords = typeof ja
