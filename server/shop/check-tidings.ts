import { type CustomerMail, MAIL_TOPICS, STAFF_TOPICS, type Staff } from './define-shop.ts'

type Fault = (where: string, sentence: string) => void

/** Who of the shop hears what, and where. */
export function checkStaff(staff: Staff | undefined, fault: Fault): void {
  if (staff === undefined) return
  const { line, mail, tell } = staff
  if (line !== undefined && !/^[UCR][0-9a-f]{32}$/.test(line))
    fault('staff.line', 'must be the id of a LINE user (U…), group (C…) or room (R…).')
  for (const address of [mail ?? []].flat())
    if (!isMail(address)) fault('staff.mail', `: "${address}" is no mail address.`)
  for (const [topic, where] of Object.entries(tell ?? {})) {
    const at = `staff.tell.${topic}`
    if (!STAFF_TOPICS.includes(topic as never))
      fault(at, `is no topic; there are: ${STAFF_TOPICS.join(', ')}.`)
    else if (!['line', 'mail', 'both', false].includes(where))
      fault(at, 'must be "line", "mail", "both" or false.')
    else if (where !== false && where !== 'mail' && !line)
      fault(at, 'goes into LINE, but staff.line says nowhere to.')
    else if (where !== false && where !== 'line' && [mail ?? []].flat().length === 0)
      fault(at, 'goes by mail, but staff.mail says nowhere to.')
  }
}

/** What customers get by mail. */
export function checkCustomerMail(mail: CustomerMail | undefined, fault: Fault): void {
  if (mail === undefined) return
  const { afterHours, replyTo, tell } = mail
  if (afterHours !== undefined && !(afterHours >= 0))
    fault('mail.afterHours', 'must be a number of hours: 0, 3, 24.')
  if (replyTo !== undefined && !isMail(replyTo))
    fault('mail.replyTo', `: "${replyTo}" is no mail address.`)
  for (const [topic, how] of Object.entries(tell ?? {})) {
    const at = `mail.tell.${topic}`
    if (!MAIL_TOPICS.includes(topic as never))
      fault(at, `is no topic; there are: ${MAIL_TOPICS.join(', ')}.`)
    else if (!['instead', 'also', false].includes(how))
      fault(at, 'must be "instead", "also" or false.')
  }
}

function isMail(text: unknown): boolean {
  return typeof text === 'string' && /^[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+$/.test(text)
}
