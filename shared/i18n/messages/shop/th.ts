import type { ShopWords } from './ja.ts'

export const th: ShopWords = {
  line: (label, value) => `${label}: ${value}`,
  stop: 'หยุดรับข้อความแนะนำแบบนี้',
  dispute: (number, items, amount, buyer) =>
    `มีการโต้แย้งการชำระเงินผ่านผู้ออกบัตร หมายเลข ${number} ${items} ยอด ${amount} ผู้ซื้อ: ${buyer} มีกำหนดเวลาตอบกลับ กรุณาตรวจสอบในแดชบอร์ดของ Stripe ค่ะ`,
  refund: (number, items, amount, buyer) =>
    `มีการคืนเงิน หมายเลข ${number} ${items} ยอดคืน ${amount} ผู้ซื้อ: ${buyer}`,
  buyerUnknown: 'ไม่ทราบ',
  failed: (role, fee) => `เรียกเก็บ${fee} จากสมาชิก (${role}) ไม่สำเร็จค่ะ`,
  failedStays: (until) => `แจ้งเจ้าตัวแล้ว และยังเป็นสมาชิกถึง ${until} ค่ะ`,
  failedRests: 'แจ้งเจ้าตัวแล้ว สมาชิกภาพจะพักไว้จนกว่าจะได้รับชำระเงินค่ะ',
  person: {
    forged_reference: (about) =>
      `มีการชำระเงินที่รหัสอ้างอิงไม่ถูกต้อง (${about}) จึงไม่ได้เชื่อมกับบัญชี LINE ใด กรุณาตรวจสอบในแดชบอร์ดของ Stripe ค่ะ`,
    no_mail: (about) =>
      `มีผู้ชำระเงินที่ไม่ทราบอีเมล จึงส่งคำแนะนำให้ไม่ได้ (${about}) กรุณาดูช่องทางติดต่อในแดชบอร์ดของ Stripe ค่ะ`,
    two_subscriptions: (about) =>
      `มีผู้ที่สมัครชำระเงินต่อเนื่องสองรายการพร้อมกัน (${about}) กรุณาตรวจสอบในแดชบอร์ดของ Stripe ว่าสมัครซ้ำโดยไม่ตั้งใจหรือไม่ค่ะ`,
    customer_of_another: (about) =>
      `ลูกค้า Stripe ${about} เชื่อมกับผู้อื่นอยู่แล้ว กรุณาตรวจสอบว่าเป็นคนเดียวกันหรือไม่ค่ะ`,
  },
  quotaNear: (used, total, percent) =>
    `เดือนนี้ใช้ข้อความ LINE ไปแล้ว ${used} จาก ${total} ข้อความ (${percent}%) เมื่อครบแล้วจะส่งแม้แต่ใบยืนยันคำสั่งซื้อทาง LINE ไม่ได้ กรุณาตรวจสอบแพ็กเกจของ LINE Official Account ค่ะ`,
  endpointOff: (endpoint, host, since, reason) =>
    `หยุดส่งข้อมูลไปยัง “${endpoint}” (${host}) แล้ว เนื่องจากไม่รับข้อมูลตั้งแต่ ${since} สาเหตุ: ${reason} เมื่อแก้ไขแล้วกรุณาเปิดการส่งอีกครั้งค่ะ`,
  sign: {
    named: (title, role) => `“${title}” (${role})`,
    refused: (role, mend) =>
      `ไม่สามารถให้หรือนำบทบาท Discord ${role} ออกจากสมาชิกได้ ${mend} เมื่อแก้ไขแล้วกรุณาตรวจสอบด้วยคำสั่งต่อไปนี้ ผู้ที่รออยู่จะได้รับบทบาทโดยอัตโนมัติหลังจากนั้นค่ะ`,
    mend: {
      above_bot:
        'เนื่องจากอยู่สูงกว่าบทบาทของบอต ใน Discord กรุณาเปิด “การตั้งค่าเซิร์ฟเวอร์” → “บทบาท” แล้วลากบทบาทของบอตให้อยู่เหนือบทบาทนี้',
      no_permission:
        'เนื่องจากบอตไม่มีสิทธิ์ “จัดการบทบาท” ใน Discord กรุณาเปิด “การตั้งค่าเซิร์ฟเวอร์” → “บทบาท” → บทบาทของบอต → “สิทธิ์” แล้วเปิด “จัดการบทบาท”',
      no_role:
        'เนื่องจากไม่มีบทบาทนี้ในเซิร์ฟเวอร์ ใน Discord กรุณาเปิด “การตั้งค่าเซิร์ฟเวอร์” → “บทบาท” คัดลอก ID แล้วแก้ไข discordRoles ใน shop.config',
      other: (said) => `Discord ตอบว่า: ${said}`,
    },
  },
  digest: {
    title: (day) => `สรุปวันที่ ${day}`,
    orders: 'คำสั่งซื้อ',
    revenue: 'ยอดขาย',
    refunded: 'คืนเงิน',
    awaiting: 'รอชำระเงิน',
    joined: 'สมัครใหม่',
    left: 'ออกจากสมาชิก',
    members: 'จำนวนสมาชิก',
    line: 'ข้อความ LINE เดือนนี้',
    dead: 'ต้องตรวจสอบ',
    count: (count) => `${count} รายการ`,
    people: (count) => `${count} คน`,
    messages: (used, total) => `${used} จาก ${total}`,
    messagesUsed: (used) => `${used} ข้อความ`,
    look: (command) => `กรุณารันคำสั่งนี้บนเซิร์ฟเวอร์เพื่อดูรายละเอียดค่ะ\n${command}`,
  },
}
