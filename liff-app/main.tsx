import { render } from 'preact'
import { ja } from '../shared/i18n/pages/ja.ts'
import { App } from './app.tsx'
import { readBoot } from './boot.ts'
import { applyBrand } from './brand.ts'
import { cameByLink, takeLinkToken } from './by-link.ts'
import { takeHeldToken } from './held-token.ts'
import { firstLanguage, loadTexts } from './language.ts'
import { freeAddressBar, openLiffStateOurselves } from './navigation.ts'
import { rememberSource } from './source.ts'
import { goWithoutLine, startLine } from './start-line.ts'

takeLinkToken()
takeHeldToken()

const root = document.getElementById('app')!
const boot = readBoot()

if (boot) {
  applyBrand(boot.shop.brand)
  rememberSource()
  const wished = firstLanguage()
  const start = await loadTexts(wished).then(
    (texts) => ({ language: wished, texts, inner: null }),
    () => ({ language: 'ja' as const, texts: ja, inner: null }),
  )
  render(<App boot={boot} start={start} />, root)
  if (cameByLink()) {
    goWithoutLine()
    freeAddressBar()
  } else {
    afterPaint(() => {
      startLine(boot.liffId)
        .catch(() => {}) // The pages that need LINE tell the buyer themselves.
        .finally(() => {
          openLiffStateOurselves()
          freeAddressBar()
        })
    })
  }
} else {
  // Without the server's words there is no shop to show; only these few words and a way to try again.
  root.append(plainProblem())
}

/** A frame and a task later the first page is on the screen, and the SDK can no longer hold it up. */
function afterPaint(then: () => void): void {
  if (document.hidden) then()
  else requestAnimationFrame(() => setTimeout(then))
}

function plainProblem(): HTMLElement {
  const main = document.createElement('main')
  const heading = document.createElement('h1')
  heading.textContent = ja.problems.unexpected.title
  const text = document.createElement('p')
  text.textContent = ja.problems.unexpected.text
  const button = document.createElement('button')
  button.textContent = ja.shell.retry
  button.className = 'button primary'
  button.addEventListener('click', () => location.reload())
  main.append(heading, text, button)
  return main
}
