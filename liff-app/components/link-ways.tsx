import { useInner } from '../app-context.ts'
import { rememberLink } from '../by-link.ts'
import { chatAddress, liffAddress } from '../chat-address.ts'

/** The ways to a new one-time link: a word in the chat, or LINE itself, which needs no link. */
export function LinkWays() {
  const { boot, texts } = useInner()
  const word = texts.commands.member
  const chat = chatAddress(boot.shop.friendUrl, word)
  return (
    <>
      <p class="aside">{texts.link.newOne(word)}</p>
      {chat && (
        <a class="button primary" href={chat} rel="noreferrer">
          {texts.link.chat}
        </a>
      )}
      <a
        class="button"
        href={liffAddress(boot.liffId, '/membership')}
        rel="noreferrer"
        onClick={() => rememberLink(false)}
      >
        {texts.link.openLine}
      </a>
    </>
  )
}
