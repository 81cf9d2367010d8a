import type { Order } from '../../shared/api.ts'
import { localized } from '../../shared/language.ts'
import { useInner } from '../app-context.ts'
import { useChat } from '../chat.ts'
import { liffAddress, shareAddress } from '../chat-address.ts'

/** Whoever is content tells a friend in LINE; what the friend buys says that it came so. */
export function ShareOffer({ order }: { order: Order }) {
  const { boot, texts, language } = useInner()
  const chat = useChat()
  if (chat !== 'line' || order.status !== 'paid' || !order.offer) return null
  const offer = `/checkout/${encodeURIComponent(order.offer)}?source=share`
  const words = `${localized(boot.shop.name, language)}\n${liffAddress(boot.liffId, offer)}`
  return (
    <a class="button" href={shareAddress(words)} rel="noreferrer">
      {texts.order.share}
    </a>
  )
}
