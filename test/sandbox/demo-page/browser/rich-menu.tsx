import { Icon } from './icons.tsx'

const TILES = [
  { icon: 'shop', path: '/', ja: 'お店をひらく', en: 'Open the shop' },
  { icon: 'orders', path: '/orders', ja: '注文履歴', en: 'My orders' },
  { icon: 'legal', path: '/legal', ja: '特商法', en: 'Legal notice' },
] as const

/** The picture menu under the chat. It speaks the language of whoever holds the phone. */
export function RichMenu(props: { language: 'ja' | 'en'; onOpen: (path: string) => void }) {
  return (
    <nav class="rich-menu" aria-label={props.language === 'ja' ? 'メニュー' : 'Menu'}>
      {TILES.map((tile) => (
        <button type="button" key={tile.path} onClick={() => props.onOpen(tile.path)}>
          <Icon name={tile.icon} size={30} />
          <span>{tile[props.language]}</span>
        </button>
      ))}
    </nav>
  )
}
