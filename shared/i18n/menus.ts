import type { Language } from '../language.ts'

/**
 * What stands on the menu under the chat. The picture is drawn with fonts that we bring along, so a
 * word may only use what these hold (test/rich-menu.test.ts looks).
 */
const WORDS = {
  ja: {
    bar: 'メニュー',
    memberBar: '会員メニュー',
    help: 'ヘルプ',
    friend: '友だち',
    places: {
      shop: 'お店',
      orders: 'ご注文履歴',
      membership: '会員ページ',
      join: '会員になる',
      card: 'お支払い方法',
      plan: 'プラン変更',
      cancel: '解約',
      legal: '特商法の表記',
      friend: '友だち追加',
      help: 'ヘルプ',
    },
  },
  en: {
    bar: 'Menu',
    memberBar: 'Members’ menu',
    help: 'help',
    friend: 'friend',
    places: {
      shop: 'Shop',
      orders: 'My orders',
      membership: 'Membership',
      join: 'Become a member',
      card: 'Payment method',
      plan: 'Change plan',
      cancel: 'Cancel',
      legal: 'Legal notice',
      friend: 'Add as friend',
      help: 'Help',
    },
  },
  th: {
    bar: 'เมนู',
    memberBar: 'เมนูสมาชิก',
    help: 'ช่วยเหลือ',
    friend: 'เพื่อน',
    places: {
      shop: 'ร้านค้า',
      orders: 'คำสั่งซื้อ',
      membership: 'หน้าสมาชิก',
      join: 'สมัครสมาชิก',
      card: 'วิธีชำระเงิน',
      plan: 'เปลี่ยนแพ็กเกจ',
      cancel: 'ยกเลิก',
      legal: 'ข้อมูลทางกฎหมาย',
      friend: 'เพิ่มเพื่อน',
      help: 'ช่วยเหลือ',
    },
  },
  'zh-TW': {
    bar: '選單',
    memberBar: '會員選單',
    help: '說明',
    friend: '好友',
    places: {
      shop: '商店',
      orders: '訂單紀錄',
      membership: '會員頁面',
      join: '加入會員',
      card: '付款方式',
      plan: '變更方案',
      cancel: '取消訂閱',
      legal: '法律資訊',
      friend: '加好友',
      help: '說明',
    },
  },
} satisfies Record<Language, unknown>

export function menuWordsIn(language: Language) {
  return WORDS[language]
}
