import { zhTW as chat } from './chat/zh-TW.ts'
import type { Messages } from './ja.ts'
import { zhTW as members } from './members/zh-TW.ts'
import { zhTW as shopNews } from './shop/zh-TW.ts'

export const zhTW: Messages = {
  orderNumber: '訂單編號',
  orderedAt: '訂購時間',
  paidAt: '付款時間',
  paymentMethod: '付款方式',
  unnamedItem: '商品',
  moreItems: (count) => `還有 ${count} 項商品`,
  itemAndMore: (item, more) => (more > 0 ? `${item}等 ${more + 1} 項商品` : item),
  subtotal: '小計',
  discount: '折扣',
  shipping: '運費',
  tax: '稅額',
  taxIncluded: '內含稅額',
  total: '總計',
  withTaxNote: (text, note) => `${text}（${note}）`,
  seeOrder: '查看訂單',
  orderAgain: '再次訂購',
  methods: {
    card: '信用卡或金融卡',
    konbini: '便利商店付款',
    paypay: 'PayPay',
    link: 'Link',
    customer_balance: '銀行轉帳',
    alipay: '支付寶',
    wechat_pay: '微信支付',
    promptpay: 'PromptPay',
    paypal: 'PayPal',
  },
  paid: {
    title: '感謝您的訂購',
    lead: '我們已收到您的付款，訂單內容如下。',
    leadFree: '我們已收到您的訂單，內容如下。',
    alt: (shop, items, total, number) =>
      `【${shop}】感謝您的訂購。我們已收到 ${items} 的付款，總計 ${total}。您的訂單編號是 ${number}。`,
    altFree: (shop, items, number) => `【${shop}】感謝您訂購 ${items}。您的訂單編號是 ${number}。`,
  },
  awaiting: {
    title: '等待您的付款',
    leadKonbini:
      '我們已收到您的訂單。請於期限前，至下列任一家便利商店付款。確認收款後，我們會在此聊天室通知您。',
    lead: '我們已收到您的訂單。請依照付款頁面或電子郵件的說明完成付款。確認收款後，我們會在此聊天室通知您。',
    deadline: '付款期限',
    paymentCode: '付款代碼',
    confirmationNumber: '確認號碼',
    voucher: '查看付款步驟',
    stores: {
      familymart: 'FamilyMart 全家',
      lawson: 'LAWSON',
      ministop: 'MINISTOP',
      seicomart: 'Seicomart',
    },
    altKonbini: (shop, total, deadline, number) =>
      `【${shop}】我們已收到您的訂單（編號 ${number}）。請於 ${deadline} 前至便利商店支付總計 ${total}。`,
    alt: (shop, total, number) =>
      `【${shop}】我們已收到您的訂單（編號 ${number}），正在等待您支付總計 ${total}。`,
  },
  failed: {
    title: '付款未完成',
    leadKonbini: '期限前未收到您在便利商店的付款，因此這筆訂單已取消。',
    lead: '付款程序未能完成，因此這筆訂單已取消。',
    notCharged: '我們並未向您收取任何費用，敬請放心。',
    againByButton: '如仍有需要，歡迎點選下方按鈕再次訂購。',
    againInShop: '如仍有需要，歡迎至商店頁面再次訂購。',
    alt: (shop, number) =>
      `【${shop}】付款未完成，因此訂單（編號 ${number}）已取消。我們並未向您收取任何費用。`,
  },
  refunded: {
    title: '退款通知',
    leadWhole: '我們已將訂單款項全額退還給您。',
    leadRest: '我們已退還剩餘款項，這筆訂單已全額退款。',
    leadPart: '我們已退還訂單的部分款項。',
    thisRefund: '本次退款金額',
    refundedSoFar: '累計退款金額',
    orderTotal: '訂單總額',
    arrivalCard:
      '經發卡機構處理後，通常約 5 至 10 個工作天會顯示在您的帳單上。有時原付款會直接取消，因而不會出現在帳單中。',
    arrivalKonbini:
      '超商付款的退款會匯入銀行帳戶。請依照 Stripe 寄送的電子郵件說明，登記您的收款帳戶。',
    arrivalOther: '視付款方式而定，退款可能需要數天至數週才會入帳。',
    altWhole: (shop, amount, number) =>
      `【${shop}】您的訂單（編號 ${number}）已全額退款，本次退款金額為 ${amount}。`,
    altPart: (shop, amount, number) =>
      `【${shop}】我們已退還訂單（編號 ${number}）款項中的 ${amount}。`,
  },
  staff: {
    paid: (number, items, total, buyer) =>
      `新訂單 ${number}：${items}，總計 ${total}，購買者：${buyer}`,
    late: (number, items, total, buyer) =>
      `這筆訂單時間較久，因此未將訂單通知傳送給購買者。如有需要，請由店家與對方聯絡。訂單 ${number}：${items}，總計 ${total}，購買者：${buyer}`,
    named: (name) => name,
    nameUnknown: '顧客（無法取得名稱）',
    noReference: '不明（這筆付款沒有與任何帳號連結）',
    forgedReference: '不明（參照 ID 不正確，請在 Stripe 管理後台確認這筆付款）',
  },
  notices: {
    quota: (since) =>
      `LINE 訊息已達每月上限，因此自 ${since} 起無法傳送通知。等待中的訊息會依序自動傳送。如果經常發生，請確認 LINE 官方帳號的方案。`,
    outage: (chat, from, to, waited, look) =>
      `自 ${from} 至 ${to}，${chat} 無法接收訊息。等待中的 ${waited} 則會依序自動傳送。${look || '您無須進行任何操作。'}`,
    mailOutage: (from, to, waited, look) =>
      `自 ${from} 至 ${to}，無法寄送電子郵件。等待中的 ${waited} 封會依序自動寄出。${look || '您無須進行任何操作。'}`,
    outageDead: (count, command) =>
      `有 ${count} 則通知無法送達。請在伺服器執行以下指令查看清單：\n${command}`,
    dead: (count, command) =>
      `有 ${count} 則通知未能處理，購買者可能正在等候聯絡。請在伺服器執行以下指令查看清單：\n${command}`,
    lateMany: (count, command) =>
      `另有 ${count} 筆訂單因時間較久，未傳送通知給購買者。請在伺服器執行以下指令查看清單：\n${command}`,
  },
  members,
  shopNews,
  chat,
}
