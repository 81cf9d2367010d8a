import type { PageTexts } from './ja.ts'

export const zhTW: PageTexts = {
  shell: {
    skip: '跳到主要內容',
    menu: '商店選單',
    shop: '商品',
    orders: '我的訂單',
    membership: '會員專區',
    legal: '日本特定商業交易法標示',
    language: '語言',
    backToShop: '回到商店',
    retry: '再試一次',
    waiting: '載入中',
    waitingLong: '讓您久等了，目前連線速度似乎較慢。',
  },
  price: {
    open: '金額可在付款頁面自行決定',
    note: (tax) => `（${tax}）`,
    per: {
      day: (count) => (count === 1 ? '/日' : `/${count} 日`),
      week: (count) => (count === 1 ? '/週' : `/${count} 週`),
      month: (count) => (count === 1 ? '/月' : `/${count} 個月`),
      year: (count) => (count === 1 ? '/年' : `/${count} 年`),
    },
    trial: (days) => `前 ${days} 天免費`,
  },
  shop: {
    heading: '商品介紹',
    buy: '購買',
    subscribe: '訂閱',
    soldOut: '已售完',
    inactive: '目前暫不販售',
    emptyTitle: '準備中',
    emptyText: '商品尚未上架，歡迎您稍後再來看看。',
    refresh: '查看最新商品',
  },
  notFound: {
    heading: '找不到頁面',
    text: '您要找的頁面可能已移動或不存在。',
  },
  login: {
    retry: '重新使用 LINE 登入',
    login: '使用 LINE 登入',
    close: '關閉頁面',
    help: '前往 LINE 支援中心',
  },
  problems: {
    offline: { title: '無法連線', text: '請移動到有訊號的地方，再試一次。' },
    lineUnreachable: {
      title: '無法連線到 LINE',
      text: '請確認網路狀況後再試一次。您仍可繼續瀏覽商品。',
    },
    lineDown: { title: 'LINE 沒有回應', text: 'LINE 目前似乎較為忙碌，請稍候再試一次。' },
    loginRefused: {
      title: '尚未完成登入',
      text: '查看訂單需要使用 LINE 登入。若要繼續，請再登入一次。',
    },
    loginFailed: {
      title: '無法登入',
      text: '登入途中若切換到其他瀏覽器，可能無法完成。請用下方按鈕再試一次，或從 LINE 應用程式的聊天室開啟商店。',
    },
    reopen: {
      title: '請關閉後重新開啟',
      text: '登入已經過期。請關閉此頁面，再從聊天室開啟商店。',
    },
    orderNotFound: {
      title: '找不到這筆訂單',
      text: '請查看「我的訂單」。其他帳號的訂單無法顯示。',
    },
    unknownSession: {
      title: '無法確認訂單',
      text: '付款資料可能需要一點時間才會更新，請稍後再試一次。若問題持續，請準備付款完成的電子郵件並聯絡商店。',
    },
    alreadyClaimed: {
      title: '這是其他帳號的訂單',
      text: '這筆訂單已連結到其他帳號。請用付款時的帳號開啟；若不是您本人，請聯絡商店。',
    },
    offerUnavailable: {
      title: '目前無法訂購',
      text: '商品可能已售完或停售，歡迎看看其他商品。',
    },
    tooMany: {
      title: '請稍候片刻',
      text: '短時間內操作過於頻繁，請等待約一分鐘後再試一次。',
    },
    stripeDown: {
      title: '無法準備付款頁面',
      text: '付款服務目前較為忙碌，我們並未收取任何費用。請稍候再試一次。',
    },
    pageMissing: {
      title: '無法載入頁面',
      text: '連線可能中斷，或商店剛剛更新。請重新載入。',
    },
    unexpected: {
      title: '發生問題',
      text: '非常抱歉，請再試一次。若問題持續，請聯絡商店。',
    },
  },
}
