import type { ShopWords } from './ja.ts'

export const zhTW: ShopWords = {
  line: (label, value) => `${label}：${value}`,
  stop: '停止接收此類推薦訊息',
  dispute: (number, items, amount, buyer) =>
    `有一筆付款透過發卡機構提出爭議。編號 ${number}、${items}、爭議金額 ${amount}、買家：${buyer}。回覆有期限，請至 Stripe 管理後台確認。`,
  refund: (number, items, amount, buyer) =>
    `已退款。編號 ${number}、${items}、退款金額 ${amount}、買家：${buyer}`,
  buyerUnknown: '不明',
  failed: (role, fee) => `未能向會員（${role}）收取${fee}。`,
  failedStays: (until) => `已通知本人，會員資格保留至 ${until}。`,
  failedRests: '已通知本人，收到款項前會員資格暫停。',
  person: {
    forged_reference: (about) =>
      `有一筆付款的參照 ID 不正確（${about}），未與任何人的 LINE 連結。請至 Stripe 管理後台確認。`,
    no_mail: (about) =>
      `有一位付款者的電子郵件不明，無法寄送說明（${about}）。請至 Stripe 管理後台確認聯絡方式。`,
    two_subscriptions: (about) =>
      `有一位顧客同時擁有兩筆訂閱（${about}）。請至 Stripe 管理後台確認是否重複訂閱。`,
    customer_of_another: (about) => `Stripe 顧客（${about}）已與其他人連結，請確認是否為同一人。`,
  },
  quotaNear: (used, total, percent) =>
    `本月 LINE 訊息已使用 ${used} 則，共 ${total} 則（${percent}%）。用完後，連訂單通知也無法透過 LINE 傳送。請確認 LINE 官方帳號的收費方案。`,
  endpointOff: (endpoint, host, since, reason) =>
    `「${endpoint}」（${host}）自 ${since} 起未接收資料，已停止傳送。原因：${reason}。修復後請重新開啟傳送。`,
  sign: {
    named: (title, role) => `「${title}」（${role}）`,
    refused: (role, mend) =>
      `無法為會員加上或移除 Discord 身分組 ${role}。${mend}修復後，請以下列指令確認；等候中的會員之後會自動取得身分組。`,
    mend: {
      above_bot:
        '因為它的位置高於機器人的身分組。請在 Discord 的「伺服器設定」→「身分組」中，將機器人的身分組拖曳到此身分組之上。',
      no_permission:
        '因為機器人沒有「管理身分組」權限。請在 Discord 的「伺服器設定」→「身分組」→ 機器人的身分組 →「權限」中，開啟「管理身分組」。',
      no_role:
        '因為伺服器中沒有此身分組。請在 Discord 的「伺服器設定」→「身分組」中複製 ID，並修改 shop.config 的 discordRoles。',
      other: (said) => `Discord 的回覆：${said}。`,
    },
  },
  digest: {
    title: (day) => `${day}的摘要`,
    orders: '訂單',
    revenue: '營業額',
    refunded: '退款',
    awaiting: '待付款',
    joined: '加入會員',
    left: '退出會員',
    members: '會員人數',
    line: 'LINE 訊息（本月）',
    dead: '需要確認',
    count: (count) => `${count} 筆`,
    people: (count) => `${count} 人`,
    messages: (used, total) => `${used} / ${total} 則`,
    messagesUsed: (used) => `${used} 則`,
    look: (command) => `請在伺服器執行以下指令，確認內容。\n${command}`,
  },
}
