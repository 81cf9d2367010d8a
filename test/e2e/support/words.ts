import { en as enMessages } from '../../../shared/i18n/messages/en.ts'
import { ja as jaMessages } from '../../../shared/i18n/messages/ja.ts'
import { en as enPages } from '../../../shared/i18n/pages/en.ts'
import { en as enInner } from '../../../shared/i18n/pages/inner/en.ts'
import { ja as jaInner } from '../../../shared/i18n/pages/inner/ja.ts'
import { ja as jaPages } from '../../../shared/i18n/pages/ja.ts'
import { EN } from '../../sandbox/stripe/page-words-en.ts'
import { JA } from '../../sandbox/stripe/page-words-ja.ts'

/** What the shop's pages, Stripe's pages and the messages say: tests look for the words buyers read. */
export const ja = { ...jaPages, ...jaInner, stripe: JA, messages: jaMessages }
export const en: typeof ja = { ...enPages, ...enInner, stripe: EN, messages: enMessages }
export type Texts = typeof ja
