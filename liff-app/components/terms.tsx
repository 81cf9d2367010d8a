import type { Offer } from '../../shared/api.ts'
import { useInner } from '../app-context.ts'
import { purchaseTerms, type Term } from '../purchase-terms.ts'
import { Go } from './go.tsx'
import { Words } from './words.tsx'

/** What the law wants to be read before the last step, with the way to the whole notice. */
export function Terms({ offer }: { offer: Offer }) {
  const { boot, texts, language } = useInner()
  return <TermList terms={purchaseTerms(offer, boot.shop, { texts, language, now: new Date() })} />
}

export function TermList({ terms }: { terms: readonly Term[] }) {
  const { texts } = useInner()
  return (
    <section aria-labelledby="terms">
      <h2 id="terms">{texts.checkout.termsHeading}</h2>
      <dl class="terms card">
        {terms.map(({ name, says }) => (
          <div key={name}>
            <dt>{texts.checkout[name]}</dt>
            <dd>
              {says.map((text, place) => (
                <p key={place} class={name === 'total' && place === 0 ? 'term strong' : 'term'}>
                  <Words text={text} />
                </p>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <Go to="/legal">{texts.checkout.legalLink}</Go>
      </p>
    </section>
  )
}
