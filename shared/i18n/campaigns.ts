import type { Language } from '../language.ts'

/** What stands around a campaign's own words, and on the page that ends them. */
export type CampaignWords = {
  /** Whoever has not told their name; it must read well before さん and after "Dear" */
  reader: string
  look: string
  stop: {
    title: string
    ask: string
    button: string
    done: string
    still: string
    /** The link is not ours, or was cut short on its way */
    unknown: string
  }
}

const WORDS: Record<Language, CampaignWords> = {
  ja: {
    reader: 'お客',
    look: 'くわしく見る',
    stop: {
      title: 'ご案内の配信停止',
      ask: 'このお店からのおすすめのご案内を停止します。よろしければ、下のボタンを押してください。',
      button: '配信を停止する',
      done: '配信を停止いたしました。これからは、おすすめのご案内をお送りいたしません。',
      still: 'ご注文や会員に関する大切なお知らせは、これまでどおりお届けいたします。',
      unknown:
        'このリンクは無効か、途中で切れているようです。メールにあるリンクをもう一度お開きいただくか、お店までご連絡ください。',
    },
  },
  en: {
    reader: 'friend',
    look: 'See more',
    stop: {
      title: 'Stop our offers',
      ask: 'This stops messages with offers from this shop. If that is what you want, press the button below.',
      button: 'Stop them',
      done: 'Done. We will send you no more offers.',
      still: 'You will still hear about your own orders and your membership.',
      unknown:
        'This link is not valid, or was cut short on its way. Please open the one in the mail again, or write to the shop.',
    },
  },
  th: {
    reader: 'ลูกค้า',
    look: 'ดูรายละเอียด',
    stop: {
      title: 'หยุดรับข่าวสารแนะนำ',
      ask: 'เมื่อกดปุ่มด้านล่าง ทางร้านจะหยุดส่งข่าวสารแนะนำให้คุณ',
      button: 'หยุดรับข่าวสาร',
      done: 'หยุดส่งเรียบร้อยแล้ว ต่อจากนี้ทางร้านจะไม่ส่งข่าวสารแนะนำให้คุณอีก',
      still: 'ข้อความสำคัญเกี่ยวกับคำสั่งซื้อและสมาชิกของคุณจะยังส่งให้ตามเดิม',
      unknown: 'ลิงก์นี้ใช้ไม่ได้หรืออาจขาดหายระหว่างทาง กรุณาเปิดลิงก์ในอีเมลอีกครั้ง หรือติดต่อทางร้าน',
    },
  },
  'zh-TW': {
    reader: '貴客',
    look: '查看詳情',
    stop: {
      title: '停止接收推薦訊息',
      ask: '按下下方按鈕後，本店將不再寄送推薦訊息給您。',
      button: '停止接收',
      done: '已為您停止。今後將不再寄送推薦訊息。',
      still: '與您的訂單及會員相關的重要通知，仍會照常寄送。',
      unknown: '此連結無效，或在傳送途中不完整。請再次開啟郵件中的連結，或與店家聯絡。',
    },
  },
}

export function campaignWords(language: Language): CampaignWords {
  return WORDS[language]
}
