import type { MailWords } from './ja.ts'

export const zhTW: MailWords = {
  subject: (title, number) => `${title}（${number}）`,
  instead: {
    leadKonbini:
      '我們已收到您的訂單。請於期限前至下列任一便利商店付款。確認入帳後，我們會再通知您。',
    lead: '我們已收到您的訂單。請依付款頁面的說明完成付款。確認入帳後，我們會再通知您。',
    ask: '如有任何疑問，歡迎透過本郵件末尾的聯絡方式與我們聯絡。',
  },
  why: {
    order: (shop) => `本郵件由系統自動寄給在 ${shop} 訂購商品的顧客。`,
    member: (shop) => `本郵件由系統自動寄給 ${shop} 的會員。`,
    payer: (shop) => `本郵件由系統自動寄給曾在 ${shop} 付款的顧客。`,
    campaign: (shop) => `本郵件寄給願意收到 ${shop} 推薦訊息的顧客。`,
    staff: (shop) => `本郵件由系統自動寄給 ${shop} 的負責人員。`,
  },
  invite: {
    title: '現在也能在 LINE 使用',
    hello: (name) => `${name} 您好：`,
    thanks: (shop) => `感謝您對 ${shop} 的支持。`,
    thanksFor: (plan) => `感謝您訂閱${plan}。`,
    what: '連結您的 LINE 帳號後，即可隨時在 LINE 查看訂單與會員頁面，重要通知也會傳送到您的 LINE。',
    once: (until) => `下方按鈕在 ${until} 前可使用一次，僅限您本人使用，請勿將本郵件轉寄給他人。`,
    stranger: '若您不清楚本郵件的來由，請直接刪除，不會有任何變更。',
    connect: '連結 LINE',
    alt: (shop, until) =>
      `【${shop}】連結您的 LINE 帳號，即可在 LINE 查看訂單與會員頁面（${until} 前）。`,
  },
  unsubscribe: '取消訂閱',
  replies: '如有疑問，也歡迎直接回覆本郵件。',
  staff: {
    staff_paid: '收到新訂單',
    staff_late: '尚未通知買家的訂單',
    staff_quota: 'LINE 訊息已達上限',
    chat_outage: (chat) => `${chat} 曾有一段時間無法傳送訊息`,
    mail_outage: '曾有一段時間無法寄送電子郵件',
    staff_dead: '有無法處理的通知',
    staff_late_many: '有尚未通知買家的訂單',
    staff_dispute: '有付款提出爭議',
    staff_refund: '已退款',
    staff_payment_failed: '未能收取會費',
    staff_person: '請您確認',
    staff_quota_near: 'LINE 訊息即將用完',
    staff_endpoint_off: '已停止傳送至外部系統',
    staff_sign: '無法加上或移除 Discord 身分組',
    buyer: '買家',
  },
}
