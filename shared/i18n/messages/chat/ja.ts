/**
 * What the chat answers to a word or a button. `words` are what somebody may type: the table in
 * server/line/chat-commands.ts knows each of them, and a test says so.
 */
export const ja = {
  words: {
    membership: '会員',
    orders: '注文',
    cancel: '解約',
    friend: '友だち',
    shop: 'お店',
    help: 'ヘルプ',
  },
  group:
    '会員やご注文のご案内は、お店との1対1のトークでお答えしております。お手数ですが、そちらで「会員」とお送りください。',
  guest: {
    title: '会員のご案内',
    lead: 'ただいま、次のプランからお選びいただけます。',
    none: 'ただいまお申し込みいただけるプランはございません。次のご案内をお待ちください。',
    next: '料金と更新、解約の方法をご確認のうえ、お申し込みいただけます。',
    more: (count: number) => `ほか ${count} プラン`,
    join: 'くわしく見て申し込む',
    seeShop: 'お店を見る',
  },
  computer: {
    text: 'パソコンでは、専用のリンクからお進みください。15分のあいだ、1回だけお使いいただけます。ご本人専用ですので、ほかの方にはお渡しにならないでください。',
    open: 'パソコンで開く',
  },
  member: {
    title: '会員のご利用状況',
    open: '会員ページを開く',
    pay: 'お支払い方法を更新する',
    active: 'ご利用中です。いつもありがとうございます。',
    activeUntilPayment: (day: string) => `ご利用中です。次回のお支払い日は ${day}です。`,
    trial: '無料でお試しいただいております。',
    trialUntil: (until: string, price: string) =>
      `${until} まで無料でお試しいただけます。その後は、解約されないかぎり ${price}が自動でお支払いとなります。`,
    pastDue: 'お支払いを確認できておりません。お支払い方法の更新をお願いいたします。',
    pastDueUntil: (until: string) =>
      `お支払いを確認できておりません。${until} までに、お支払い方法の更新をお願いいたします。`,
    paused: 'お休み中です。再開は、会員ページからお手続きいただけます。',
    pausedUntil: (day: string) => `お休み中です。${day}に自動で再開いたします。`,
    leaving: '解約のお手続きがお済みです。今後、会費が引き落とされることはございません。',
    leavingUntil: (until: string) =>
      `解約のお手続きがお済みです。${until} までご利用いただけます。その後、会費が引き落とされることはございません。`,
    ends: (until: string) => `有効期間は ${until} までです。自動で更新されることはございません。`,
    unending: '有効期限はございません。いつもありがとうございます。',
  },
  cancel: {
    title: '解約のお手続き',
    lead: '下のボタンから、すぐに解約のお手続きができます。ご利用の終了日は、確定の前に画面でご確認いただけます。',
    trial: (until: string) => `${until} までに解約されれば、料金はかかりません。`,
    done: 'これ以上のお手続きは必要ございません。',
    noNeed: '自動でのお支払いはございませんので、解約のお手続きは必要ございません。',
    open: '解約の手続きへ進む',
  },
  orders: {
    title: 'ご注文履歴',
    lead: 'ご注文の内容とお支払いの状況は、下のボタンからご覧いただけます。',
    open: 'ご注文履歴を見る',
  },
  shop: {
    title: 'お店のご案内',
    lead: '商品は、下のボタンからご覧いただけます。',
    open: '商品を見る',
  },
  friend: {
    title: '友だち追加のご案内',
    lead: 'お店を友だちに追加していただくと、ご注文や会員のお知らせがこのトークに届きます。',
    none: 'このトークで、ご注文や会員のお知らせをお届けしております。',
    open: '友だちに追加する',
  },
  help: {
    title: 'このトークでできること',
    lead: '次の言葉を送っていただくか、タップしていただくと、すぐにお答えいたします。',
    does: {
      membership: '会員のご案内・会員ページ',
      orders: 'ご注文の内容と履歴',
      cancel: '会員の解約',
      friend: '友だち追加のリンク',
      shop: '商品のご案内',
      help: 'この一覧',
    },
    staff: 'そのほかのご質問も、このトークへどうぞ。お店の者がお返事いたします。',
  },
  campaigns: {
    words: { stop: '配信停止', start: '配信再開' },
    stopped: {
      title: 'ご案内を停止いたしました',
      lead: 'これからは、おすすめのご案内をお送りいたしません。ご注文や会員に関するお知らせは、これまでどおりお届けいたします。',
      how: 'もう一度お受け取りになるときは、「配信再開」とお送りください。',
    },
    started: {
      title: 'ご案内を再開いたしました',
      lead: 'ありがとうございます。これからまた、おすすめのご案内をお届けいたします。',
      how: '停止なさるときは、「配信停止」とお送りください。',
    },
  },
  named: (word: string, does: string) => `「${word}」${does}。`,
  listed: (one: string) => `${one}。`,
}

export type ChatWords = typeof ja
