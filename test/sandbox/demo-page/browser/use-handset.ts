import { useEffect, useState } from 'preact/hooks'
import type { LineUser } from '../../types.ts'
import type { DemoAction, DemoState } from '../state.ts'
import { takePhone } from './take-phone.ts'

/** What is open in the phone's sheet. `times` counts openings, so that the same page can be opened anew. */
export type Opened = { url: string | null; times: number }

/** What the visitor does with the phone: opens pages in it, hands it on, looks over the staff's shoulder. */
export function useHandset(state: DemoState | null, press: (action: DemoAction) => Promise<void>) {
  const [opened, setOpened] = useState<Opened>({ url: null, times: 0 })
  const [asStaff, setAsStaff] = useState(false)
  const holder = state?.people.find(({ userId }) => userId === state.holder)

  useEffect(() => {
    if (holder) takePhone(holder)
  }, [holder?.userId])

  const open = (url: string | null) => setOpened(({ times }) => ({ url, times: times + 1 }))

  function openPage(path: string) {
    if (!state) return
    setAsStaff(false)
    open(new URL(path, state.shop.url).href)
    // On a narrow window the phone may be far above the button.
    document.querySelector('.phone')?.scrollIntoView({ block: 'nearest' })
  }

  return {
    opened,
    open,
    asStaff,
    openPage,
    openShop: () => openPage('/'),
    async handTo(person: LineUser) {
      open(null)
      setAsStaff(false)
      if (person.userId === holder?.userId) return
      takePhone(person)
      await press({ action: 'hand_phone_to', userId: person.userId })
    },
    lookAtStaff() {
      open(null)
      setAsStaff(true)
    },
  }
}
