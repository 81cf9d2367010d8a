import { zhTW as inner } from '../pages/inner/zh-TW.ts'
import type { DiscordWords } from './ja.ts'

export const zhTW: DiscordWords = {
  commands: {
    join: { name: '入會', description: '查看會員方案與費用、辦理入會' },
    membership: { name: '會員', description: '會員狀態、付款方式、取消會員' },
    orders: { name: '訂單', description: '訂單內容與付款狀態' },
    help: { name: '說明', description: '可以使用的指令' },
    code: { name: '代碼', description: '會員頁面上顯示的帳號連結代碼' },
  },
  instead: {
    leadKonbini:
      '我們已收到您的訂單。請於期限前至下列任一便利商店付款。確認入帳後，我們會在這裡通知您。',
    lead: '我們已收到您的訂單。請依付款頁面或郵件的說明完成付款。確認入帳後，我們會在這裡通知您。',
    ask: '如有任何疑問，歡迎透過商店法律聲明頁面上的聯絡方式與我們聯絡。',
  },
  enter: {
    once: '下方按鈕的連結 15 分鐘內有效，只能使用一次。僅供您本人使用，請勿轉傳給他人。',
    tooMany:
      '您在短時間內多次索取連結，目前無法提供新的連結。請使用先前的連結，或約 15 分鐘後再試一次。',
  },
  open: {
    title: '您的頁面',
    lead: '您可以由下方按鈕在瀏覽器中開啟。',
    button: '開啟頁面',
  },
  orders: {
    status: inner.status,
    latest: '以下為您最近的訂單，由新到舊。',
    none: '您還沒有訂單。',
  },
  buttons: {
    memberInLine: '我在 LINE 已是會員',
    connectLine: '連結 LINE',
    leaveLine: '解除與 LINE 的連結',
    leaveAsItIs: '維持原狀',
  },
  link: {
    title: '連結 LINE',
    lead: '您在 LINE 的會員資格與訂單，也能在 Discord 使用。',
    how: '請在裝有 LINE 的手機上開啟下方按鈕。經您在該處確認後，帳號才會連結。',
    button: '在 LINE 開啟',
  },
  askJoin: {
    title: '要連結帳號嗎？',
    lead: (channel, name) => `將把 ${channel} 的「${name}」與您的 Discord 帳號連結。`,
    leadUnnamed: (channel) => `將把顯示此代碼的 ${channel} 帳號與您的 Discord 帳號連結。`,
    effect: '會員資格、訂單與通知，之後兩邊都能使用。',
    replaces: (name) => `先前連結的 Discord 帳號「${name}」將解除連結，會員身分組也會移除。`,
    replacesUnnamed: '先前連結的 Discord 帳號將解除連結，會員身分組也會移除。',
    onlyYours: '請只在代碼是您本人索取時繼續。若使用他人的代碼，對方將能看到您的訂單與會員內容。',
    yes: '連結',
    no: '不連結',
  },
  joined: {
    title: '帳號已連結',
    lead: (name) => `已與「${name}」的帳號連結。`,
    leadUnnamed: '您的帳號已連結。',
    role: (role) => `今後您在 Discord 也是「${role}」。`,
    noRole: '今後訂單與會員事項，兩邊都能使用。',
  },
  askUnlink: {
    title: '要解除連結嗎？',
    lead: (name) => `將解除與「${name}」帳號的連結。`,
    leadUnnamed: '將解除您的 Discord 帳號的連結。',
    effect:
      '您在 Discord 加入的會員與訂單，會留在 Discord 帳號。其他會員資格與身分組，將無法在 Discord 使用。',
    yes: '解除連結',
  },
  unlinked: {
    title: '已解除連結',
    lead: '您的 Discord 帳號已恢復為獨立帳號，隨時可以再次連結。',
  },
  declined: {
    title: '沒有任何變更',
    lead: '一切維持原狀。',
  },
  refused: {
    title: '未能完成手續',
    titleSame: '已經連結',
    code_unknown: '找不到此代碼。請依會員頁面上顯示的內容再輸入一次。',
    code_expired: '此代碼已超過 15 分鐘的有效期限。請在會員頁面重新顯示代碼。',
    code_spent: '此代碼已被使用。請在會員頁面重新顯示代碼。',
    same: '這兩個帳號已經連結，您可以繼續使用。',
    other_line: '您的 Discord 帳號已與另一個 LINE 帳號連結。請先由「會員」指令解除連結，再試一次。',
    alone: '您的 Discord 帳號沒有與其他帳號連結。',
  },
  help: {
    title: '可以使用的指令',
    lead: '請在訊息輸入欄輸入「/」並選擇指令。回覆只有您本人看得到。',
  },
  elsewhere: (shop) => `很抱歉，這裡無法回覆。請到 ${shop} 的 Discord 伺服器輸入「/」並選擇指令。`,
  gone: '很抱歉，此項目已無法使用。請輸入「/」再次選擇指令。',
}
