import type { LineUser } from '../../types.ts'
import type { DemoState } from '../state.ts'
import type { Words } from './words.ts'

type HoldersProps = {
  state: DemoState
  words: Words
  asStaff: boolean
  onChoose: (person: LineUser) => void
  onStaff: () => void
}

/** Who holds the phone: the people of the demo, and the shop's own group to look into. */
export function Holders({ state, words, asStaff, onChoose, onStaff }: HoldersProps) {
  return (
    <fieldset class="holders">
      <legend>{words.holder}</legend>
      {state.people.map((person, index) => (
        <label key={person.userId} class="holder">
          <input
            type="radio"
            name="holder"
            checked={!asStaff && person.userId === state.holder}
            onChange={() => onChoose(person)}
          />
          <span class={`holder-face holder-face-${index % 3}`} aria-hidden="true">
            {[...person.name][0]}
          </span>
          <span class="holder-name">
            <strong>{person.name}</strong>
            <span>
              {person.friend ? words.friend : words.notFriend}
              {person.language.startsWith('en') && ` · ${words.english}`}
            </span>
          </span>
        </label>
      ))}
      {state.staff && (
        <label class="holder">
          <input type="radio" name="holder" checked={asStaff} onChange={onStaff} />
          <span class="holder-face holder-face-staff" aria-hidden="true">
            {words.actors.shop[0]}
          </span>
          <span class="holder-name">
            <strong>{words.staff}</strong>
            <span>{state.staff.name}</span>
          </span>
        </label>
      )}
    </fieldset>
  )
}
