import type { MailMessage, StaffMessage, StaffNotice } from '../ports.ts'

export type ForStaff = StaffMessage | StaffNotice

export function isForStaff(message: MailMessage): message is ForStaff {
  return message.kind.startsWith('staff_')
}
