import { useInner } from '../app-context.ts'
import { rememberLink } from '../by-link.ts'
import { useChat } from '../chat.ts'
import { chatAddress, liffAddress } from '../chat-address.ts'

/** The ways to a new one-time link: a word in the chat, or LINE itself, which needs no link. */
export function LinkWays() {
  const { boot, texts } = useInner()
  const chat = useChat()
  if (chat === 'discord') return <DiscordWays />
  const word = texts.commands.member
  const address = chatAddress(boot.shop.friendUrl, word)
  return (
    <>
      <p class="aside">{texts.link.newOne(word)}</p>
      {address && (
        <a class="button primary" href={address} rel="noreferrer">
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

/** Nothing of ours opens Discord itself; the invitation leads to the server, also who is there. */
function DiscordWays() {
  const { boot, texts } = useInner()
  const invite = boot.shop.discord?.invite
  return (
    <>
      <p class="aside">{texts.link.newOne(texts.accounts.command)}</p>
      {invite && (
        <a class="button primary" href={invite} rel="noreferrer">
          {texts.link.chat}
        </a>
      )}
    </>
  )
}
