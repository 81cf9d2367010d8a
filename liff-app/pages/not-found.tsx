import { useApp } from '../app-context.ts'
import { Go } from '../components/go.tsx'
import { PageHeading } from '../components/page-heading.tsx'

export function NotFound() {
  const { notFound, shell } = useApp().texts
  return (
    <>
      <PageHeading text={notFound.heading} />
      <p>{notFound.text}</p>
      <div class="actions">
        <Go to="/" class="button primary">
          {shell.backToShop}
        </Go>
      </div>
    </>
  )
}
