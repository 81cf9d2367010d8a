import type { ComponentChildren } from 'preact'

/** Nothing here yet, and what to do about it. */
export function Empty(props: { title: string; text: string; children: ComponentChildren }) {
  return (
    <section class="notice">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      <div class="actions">{props.children}</div>
    </section>
  )
}
