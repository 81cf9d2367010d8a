/** An account's own page on LINE, as `friendUrl` in shop.config.ts names it: https://line.me/R/ti/p/@id */
const FRIEND = /^https:\/\/line\.me\/R\/ti\/p\/(?:@|%40)([\w.-]+)/i

/**
 * Opens the chat with these words ready to be sent
 * (https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/#sending-text-messages), or
 * the account where its id cannot be told from `friendUrl`; null where the shop names none.
 */
export function chatAddress(friendUrl: string | null, words: string): string | null {
  const id = FRIEND.exec(friendUrl ?? '')?.[1]
  return id ? `https://line.me/R/oaMessage/%40${id}/?${encodeURIComponent(words)}` : friendUrl
}

/** A page of this shop as LINE opens it, with LIFF and its login. */
export function liffAddress(liffId: string, path: string): string {
  return `https://liff.line.me/${encodeURIComponent(liffId)}${path}`
}

/**
 * LINE asks to whom these words are to be sent; on phones only
 * (https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/#sending-text-messages).
 */
export function shareAddress(words: string): string {
  return `https://line.me/R/share?text=${encodeURIComponent(words)}`
}
