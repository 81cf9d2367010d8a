import { ja as inner } from '../pages/inner/ja.ts'

/**
 * What only Discord says. Everything else is as in the other chat (`messages/`); `instead` holds the sentences
 * that speak of that chat itself, by what they replace. A command's name is lower case, without spaces and at
 * most 32 characters long, its description at most 100.
 */
export const ja = {
  commands: {
    join: { name: '入会', description: '会員のプランと料金のご案内・お申し込み' },
    membership: { name: '会員証', description: '会員のご利用状況・お支払い方法の変更・解約' },
    orders: { name: '注文履歴', description: 'ご注文の内容とお支払いの状況' },
    help: { name: '使い方', description: 'お使いいただけるコマンドのご案内' },
    code: {
      name: 'コード',
      description: 'アカウントをつなぐためのコード（会員ページに表示されます）',
    },
  },
  instead: {
    leadKonbini:
      'ご注文を承りました。期限までに、下のいずれかのコンビニでお支払いください。ご入金を確認できしだい、こちらでお知らせいたします。',
    lead: 'ご注文を承りました。お支払い画面やメールのご案内にそって、お手続きをお済ませください。ご入金を確認できしだい、こちらでお知らせいたします。',
    ask: 'ご不明な点がございましたら、お店の「特定商取引法に基づく表記」にある連絡先まで、お気軽にお問い合わせください。',
  },
  enter: {
    once: '下のボタンのリンクは、15分のあいだ、1回だけお使いいただけます。ご本人専用ですので、ほかの方にはお渡しにならないでください。',
    tooMany:
      '続けてお求めいただいたため、いまは新しいリンクをお出しできません。先ほどのリンクをお使いいただくか、15分ほどおいて、もう一度お試しください。',
  },
  open: {
    title: 'ページのご案内',
    lead: '下のボタンから、ブラウザーでご覧いただけます。',
    button: 'ページを開く',
  },
  orders: {
    status: inner.status,
    latest: '新しいご注文から順にご案内いたします。',
    none: 'ご注文はまだございません。',
  },
  buttons: {
    memberInLine: 'LINEで会員の方はこちら',
    connectLine: 'LINEとつなぐ',
    leaveLine: 'LINEとのつながりを解く',
    leaveAsItIs: 'そのままにする',
  },
  link: {
    title: 'LINEとつなぐ',
    lead: 'LINEでの会員の特典やご注文を、Discordでもそのままご利用いただけます。',
    how: '下のボタンを、LINEの入っているスマートフォンで開いてください。内容をお確かめいただいてから、つながります。',
    button: 'LINEで開く',
  },
  askJoin: {
    title: 'アカウントをつなぎますか',
    lead: (channel: string, name: string) =>
      `${channel}の「${name}」さんと、お使いのDiscordアカウントをつなぎます。`,
    leadUnnamed: (channel: string) =>
      `コードを表示した${channel}のアカウントと、お使いのDiscordアカウントをつなぎます。`,
    effect: '会員の特典、ご注文、お知らせは、どちらからでもご利用いただけるようになります。',
    replaces: (name: string) =>
      `これまでつながっていたDiscordアカウント「${name}」は切り離され、会員のロールも外れます。`,
    replacesUnnamed:
      'これまでつながっていたDiscordアカウントは切り離され、会員のロールも外れます。',
    onlyYours:
      'ご自身で表示なさったコードのときだけ、お進みください。ほかの方のコードでは、その方にご注文や会員の内容が見えてしまいます。',
    yes: 'つなぐ',
    no: 'つながない',
  },
  joined: {
    title: 'アカウントがつながりました',
    lead: (name: string) => `「${name}」さんのアカウントとつながりました。`,
    leadUnnamed: 'アカウントがつながりました。',
    role: (role: string) => `これからは、Discordでも「${role}」としてご利用いただけます。`,
    noRole: 'これからは、ご注文や会員のお手続きをどちらからでもご利用いただけます。',
  },
  askUnlink: {
    title: 'つながりを解きますか',
    lead: (name: string) => `「${name}」さんのアカウントとのつながりを解きます。`,
    leadUnnamed: 'お使いのDiscordアカウントのつながりを解きます。',
    effect:
      'Discordでお申し込みになった会員とご注文は、Discordのアカウントに残ります。そのほかの会員の特典とロールは、Discordではご利用いただけなくなります。',
    yes: 'つながりを解く',
  },
  unlinked: {
    title: 'つながりを解きました',
    lead: 'Discordのアカウントは、もとどおりひとつのアカウントになりました。もう一度つなぐこともできます。',
  },
  declined: {
    title: 'そのままにいたしました',
    lead: '何も変わっておりません。どうぞご安心ください。',
  },
  refused: {
    title: 'お手続きができませんでした',
    titleSame: 'すでにつながっています',
    code_unknown:
      'このコードは見つかりませんでした。会員ページに表示されたとおりに、もう一度ご入力ください。',
    code_expired:
      'このコードの有効期限（15分）が過ぎました。会員ページで新しいコードを表示してください。',
    code_spent: 'このコードはすでに使われています。会員ページで新しいコードを表示してください。',
    same: 'ふたつのアカウントはつながっています。このままご利用いただけます。',
    other_line:
      'お使いのDiscordアカウントは、別のLINEアカウントとつながっています。先に「会員証」のコマンドからつながりを解き、もう一度お試しください。',
    alone: 'お使いのDiscordアカウントは、ほかのアカウントとつながっておりません。',
  },
  help: {
    title: 'お使いいただけるコマンド',
    lead: 'メッセージの入力欄に「/」を入れてお選びください。お返事は、ご本人だけに表示されます。',
  },
  elsewhere: (shop: string) =>
    `恐れ入りますが、こちらではお答えできません。${shop}のDiscordサーバーで「/」を入れて、コマンドをお選びください。`,
  gone: '恐れ入りますが、こちらはもうお使いいただけません。「/」を入れて、コマンドをもう一度お選びください。',
}

export type DiscordWords = typeof ja
