import type { Language } from '../language.ts'

type Words = {
  became(role: string): string
  ended(role: string): string
  struckOut: string
}

/** Why a role on a chat server was given or taken, for its own log: the moderators read it there. */
const REASONS: Record<Language, Words> = {
  ja: {
    became: (role) => `Noren：「${role}」になったため`,
    ended: (role) => `Noren：「${role}」ではなくなったため`,
    struckOut: 'Noren：お店の設定から外されたロールのため',
  },
  en: {
    became: (role) => `Noren: is “${role}” now`,
    ended: (role) => `Noren: is “${role}” no longer`,
    struckOut: 'Noren: the shop’s settings name this role no longer',
  },
  th: {
    became: (role) => `Noren: เป็น “${role}” แล้ว`,
    ended: (role) => `Noren: ไม่ได้เป็น “${role}” แล้ว`,
    struckOut: 'Noren: การตั้งค่าของร้านไม่มีบทบาทนี้แล้ว',
  },
  'zh-TW': {
    became: (role) => `Noren：已成為「${role}」`,
    ended: (role) => `Noren：已不再是「${role}」`,
    struckOut: 'Noren：商店設定已移除此身分組',
  },
}

export function roleReasonsIn(language: Language): Words {
  return REASONS[language]
}
