/**
 * What the buyer reads at the shop's door: the frame of every page, the shelf, and every trouble, so that
 * no failure needs another file to be explained. It is in the first load, so what only the pages behind
 * say stands in inner/. The other languages take their shape from the Japanese.
 */
export const ja = {
  shell: {
    skip: '本文へ移動',
    menu: 'お店のメニュー',
    shop: '商品',
    orders: 'ご注文履歴',
    membership: '会員ページ',
    legal: '特定商取引法に基づく表記',
    language: '言語',
    backToShop: 'お店にもどる',
    retry: 'もう一度試す',
    waiting: '読み込んでいます',
    waitingLong: 'お待たせしております。通信に少し時間がかかっているようです。',
  },
  price: {
    open: '金額はお支払い画面でお決めいただけます',
    note: (tax: string) => `（${tax}）`,
    per: {
      day: (count: number) => (count === 1 ? '/日' : `/${count}日`),
      week: (count: number) => (count === 1 ? '/週' : `/${count}週間`),
      month: (count: number) => (count === 1 ? '/月' : `/${count}か月`),
      year: (count: number) => (count === 1 ? '/年' : `/${count}年`),
    },
    trial: (days: number) => `はじめの${days}日間は無料`,
  },
  shop: {
    heading: '商品のご案内',
    buy: '購入する',
    subscribe: '申し込む',
    soldOut: '売り切れました',
    inactive: 'ただいま取り扱いがございません',
    emptyTitle: 'ただいま準備中です',
    emptyText: '商品がまだ並んでおりません。恐れ入りますが、しばらくしてからまたお越しください。',
    refresh: '最新の商品を見る',
  },
  notFound: {
    heading: 'ページが見つかりません',
    text: 'お探しのページは、なくなったか、場所が変わったようです。',
  },
  login: {
    retry: 'LINEでログインし直す',
    login: 'LINEでログイン',
    close: '画面を閉じる',
    help: 'LINEヘルプセンターを見る',
  },
  problems: {
    offline: {
      title: '通信できませんでした',
      text: '電波の届くところで、もう一度お試しください。',
    },
    lineUnreachable: {
      title: 'LINEにつながりませんでした',
      text: '通信状況をご確認のうえ、もう一度お試しください。商品の一覧はこのままご覧いただけます。',
    },
    lineDown: {
      title: 'LINEの応答がありません',
      text: 'LINE側で一時的に混み合っているようです。少し時間をおいて、もう一度お試しください。',
    },
    loginRefused: {
      title: 'ログインが完了していません',
      text: 'ご注文の確認には、LINEでのログインが必要です。よろしければ、もう一度ログインをお願いいたします。',
    },
    loginFailed: {
      title: 'ログインできませんでした',
      text: 'ログインの途中で別のブラウザに切り替わると、完了できないことがあります。下のボタンからもう一度お試しいただくか、LINEアプリのトークからお店を開いてください。',
    },
    reopen: {
      title: '一度閉じて、開き直してください',
      text: 'しばらく時間がたったため、ログインの有効期限が切れました。画面を閉じて、トークからもう一度お店を開いてください。',
    },
    orderNotFound: {
      title: 'ご注文が見つかりませんでした',
      text: 'ご注文履歴をご確認ください。別のアカウントでのご注文は表示できません。',
    },
    unknownSession: {
      title: 'ご注文を確認できませんでした',
      text: 'お支払いがお済みでも、反映に少し時間がかかることがあります。しばらくしてからもう一度お試しください。続く場合は、お支払い完了メールをご用意のうえお店までご連絡ください。',
    },
    alreadyClaimed: {
      title: '別のアカウントのご注文です',
      text: 'このご注文は、すでに別のアカウントに結び付いています。お支払いのときのアカウントで開いてください。お心当たりがない場合は、お店までご連絡ください。',
    },
    offerUnavailable: {
      title: 'ただいまお申し込みいただけません',
      text: '売り切れたか、販売を終えた可能性があります。ほかの商品もぜひご覧ください。',
    },
    tooMany: {
      title: '少しだけお待ちください',
      text: '短い間に操作が続いたため、いったんお休みしています。1分ほどおいて、もう一度お試しください。',
    },
    stripeDown: {
      title: 'お支払い画面を用意できませんでした',
      text: '決済サービスが一時的に混み合っています。代金はいただいておりません。少し時間をおいて、もう一度お試しください。',
    },
    pageMissing: {
      title: 'ページを読み込めませんでした',
      text: '通信が途切れたか、お店が新しくなったようです。もう一度読み込んでください。',
    },
    unexpected: {
      title: 'うまく表示できませんでした',
      text: '申し訳ございません。もう一度お試しいただき、続く場合はお店までご連絡ください。',
    },
  },
}

export type PageTexts = typeof ja
/** The troubles of membership stand in inner/, since only the pages behind can meet them. */
export type DoorProblem = keyof PageTexts['problems']
