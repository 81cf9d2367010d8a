/** Who a mail comes from: a name that people see, and an address. */
export type Sender = { name: string; address: string }

/** `のれん茶房 <shop@example.com>` or the address alone; a name may hold commas, which a list of senders would not survive. */
export function readSender(text: string): Sender {
  const [, name, address] = /^([^<>]*)<([^<>\s]+)>$/su.exec(text.trim()) ?? []
  return address === undefined
    ? { name: '', address: text.trim() }
    : { name: (name ?? '').trim().replace(/^"(.*)"$/su, '$1'), address }
}

/** The part of our own address that makes a Message-ID unique in the world. Never a name of this machine. */
export function domainOf({ address }: Sender): string {
  return new URL(`http://${address.slice(address.lastIndexOf('@') + 1)}`).hostname
}

/** RFC 5321 allows 64 before the @ and 255 after it. */
const LONGEST = 320
/**
 * One mailbox, as it stands in an envelope. Nothing that could end the command or begin another, no list, no
 * comment; but the two dots in a row that old Japanese mobile addresses have (a..b@docomo.ne.jp).
 */
const MAILBOX =
  /^[^\s<>()[\]\\,;:"@\p{C}]+@(?:[^\s<>()[\]\\,;:"@.\p{C}]+\.)+[^\s<>()[\]\\,;:"@.\p{C}]+$/u

export function isMailbox(address: string): boolean {
  return address.length <= LONGEST && MAILBOX.test(address)
}
