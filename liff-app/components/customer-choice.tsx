import type { Membership } from '../../shared/api.ts'
import { formatJapanDay } from '../../shared/japan-time.ts'
import { useInner } from '../app-context.ts'
import type { Portal } from '../use-portal.ts'

type Props = { customers: Membership['portal']['customers']; portal: Portal }

/** One person may be known to Stripe as several customers; only they can say which one they mean. */
export function CustomerChoice({ customers, portal }: Props) {
  const { texts, language } = useInner()
  const words = texts.membership
  return (
    <fieldset class="choice">
      <legend>{words.pick}</legend>
      <p class="aside">{words.pickText}</p>
      {customers.map(({ id, names, since }) => (
        <label key={id} class="card pick">
          <input
            type="radio"
            name="customer"
            value={id}
            checked={portal.customer === id}
            onChange={() => portal.choose(id)}
          />
          <span class="pick-words">
            <b dir="auto">{names.join(' / ') || words.unnamed}</b>
            <small>{words.pickSince(formatJapanDay(new Date(since), language))}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
