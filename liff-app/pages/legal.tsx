import { useInner } from '../app-context.ts'
import { Go } from '../components/go.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Words } from '../components/words.tsx'

/** 特定商取引法に基づく表記, as the shop wrote it. Needs no login: the law wants it open to everybody. */
export function Legal() {
  const { boot, texts } = useInner()
  return (
    <>
      <PageHeading text={texts.legal.heading} />
      <dl class="terms card">
        {boot.shop.legal.map(({ item, text }) => (
          <div key={item}>
            <dt>{texts.legal.items[item]}</dt>
            <dd>
              <Words text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <Go to="/" class="button">
          {texts.shell.backToShop}
        </Go>
      </div>
    </>
  )
}
