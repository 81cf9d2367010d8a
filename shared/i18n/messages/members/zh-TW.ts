import { zhTW as pages } from '../../pages/zh-TW.ts'
import type { MemberWords } from './ja.ts'

export const zhTW: MemberWords = {
  per: pages.price.per,
  unnamedRole: '會員',
  unnamedPlan: '會員方案',
  role: '會員類別',
  plan: '方案',
  price: '費用',
  firstPayment: '首次扣款日',
  nextPayment: '下次扣款日',
  endsOn: '有效期限',
  until: (when) => `至 ${when}`,
  fee: '會費',
  feeOf: (amount) => `會費 ${amount}`,
  planAt: (plan, price) => `「${plan}」（${price}）`,
  planAlone: (plan) => `「${plan}」`,
  card: (brand, last4) => `${brand ? ` ${brand} 卡` : '卡片'}（末四碼 ${last4}）`,
  alt: (shop, said) => `【${shop}】${said}`,
  renews: (day, price) => `下次扣款日為 ${day}，費用 ${price}。`,
  renewsOpen: (day) => `下次扣款日為 ${day}。`,
  buttons: {
    membership: '開啟會員頁面',
    card: '更新付款方式',
    join: '重新加入會員',
    look: '查看會員介紹',
  },
  welcome: {
    title: '感謝您加入會員',
    lead: (role) => `您的「${role}」已開通，歡迎您的加入。`,
    trial: (until, price) => `${until} 前可免費試用。之後除非您取消，否則將自動收取 ${price}。`,
    ends: (until) => `有效期限至 ${until}，不會自動續訂。`,
    lasts: (until) => `有效期限至 ${until}。`,
    unending: '沒有使用期限，歡迎長久使用。',
    changes: '您隨時可以在會員頁面變更付款方式或取消會員。',
  },
  trialEnding: {
    title: '免費試用即將結束',
    lead: (until) => `您的免費試用至 ${until} 為止。`,
    goesOn: (price) => `之後將自動收取 ${price}，您可繼續使用會員服務。`,
    stop: '如不打算繼續，請在此之前至會員頁面取消，不會收取任何費用。',
  },
  failed: {
    title: '付款未成功',
    lead: (fee) => `我們未能收取${fee}，可能是信用卡已過期或額度不足。`,
    stays: (until) => `${until} 前您仍可照常使用會員服務，請在此之前更新付款方式。`,
    rests: '在收到款項之前，您的會員資格將暫停。請更新付款方式。',
  },
  grace: {
    title: '會員資格即將到期',
    lead: (fee) => `我們仍未能收取${fee}。`,
    stays: (until) => `若未付款，您的會員資格將於 ${until} 結束。請在此之前更新付款方式。`,
  },
  cardExpiring: {
    title: '您的付款卡片即將到期',
    lead: (card, month) => `您用來支付會費的${card}將於 ${month}底到期。`,
    ask: '收到新卡後，請更新付款方式。',
    done: '部分銀行會自動更新卡片資料；若您已完成更新，請忽略此訊息。',
  },
  renewalAhead: {
    title: '會員即將續訂',
    lead: (role, day, price) =>
      `感謝您一直以來的支持。您的「${role}」將於 ${day}自動續訂，並收取 ${price}。`,
    stop: '如不打算續訂，請在此之前至會員頁面取消，不會收取下一期的費用。',
  },
  ended: {
    title: '會員資格已結束',
    titleResting: '會員資格已暫停',
    because: {
      cancelled: (role) => `「${role}」已結束，今後不會再收取會費。`,
      unpaid: (role) => `由於期限內未收到付款，您的「${role}」已結束。`,
      resting: (role) =>
        `由於逾期仍未收到款項，您的「${role}」已暫停。更新付款方式後，即可立即恢復。`,
      refunded: (role) => `由於已退款，您的「${role}」已結束。`,
      disputed: (role) => `由於發卡機構對付款提出疑問，您的「${role}」已停止。`,
      ran_out: (role) => `您的「${role}」有效期限已到。`,
      by_shop: (role) => `您的「${role}」已由店家結束。`,
    },
    thanks: '感謝您一直以來的支持。',
    ask: '如有任何疑問，歡迎在此聊天室與我們聯絡。',
    back: '隨時歡迎您再次加入。',
  },
  changed: {
    title: '方案已變更',
    lead: (before, after) => `您的方案已由${before}變更為${after}。`,
    leadOpen: (before) => `您的${before}內容已變更。`,
  },
  paused: {
    title: '會員已暫停',
    until: (day) => `您的會員資格已暫停，將於 ${day}自動恢復，期間不會收取會費。`,
    open: '您的會員資格已暫停，期間不會收取會費。您可以在會員頁面恢復。',
  },
  resumed: {
    title: '歡迎回來',
    lead: (role) => `您的「${role}」已恢復，很高興再次為您服務。`,
  },
  leaving: {
    title: '已受理您的取消',
    lead: (role, until) =>
      `取消手續已完成。您可以繼續使用「${role}」至 ${until}，之後不會再收取會費。`,
    undo: '如果改變心意，在此之前都可以在會員頁面撤回取消。',
  },
  staying: {
    title: '已撤回取消',
    lead: (role) => `您的取消已撤回，「${role}」將照常繼續，感謝您留下來。`,
  },
}
