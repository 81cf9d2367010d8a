import type { MailMessage, ShopNotice, StaffMessage, StaffNotice } from '../ports.ts'

export type ForStaff = StaffMessage | StaffNotice | ShopNotice

export function isForStaff(message: MailMessage): message is ForStaff {
  return message.kind.startsWith('staff_')
}
