type ChoiceProps<Value extends string> = {
  label: string
  options: readonly (readonly [value: Value, name: string, lang?: string])[]
  chosen: Value
  onChoose: (value: Value) => void
}

/** One of a few, all of them always to be seen. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    <fieldset class="mail-choice">
      <legend class="unseen">{props.label}</legend>
      {props.options.map(([value, name, lang]) => (
        <button
          key={value}
          type="button"
          lang={lang}
          aria-pressed={value === props.chosen}
          onClick={() => props.onChoose(value)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}
