import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from './app-context.ts'
import { ProblemNotice } from './components/problem-notice.tsx'
import { Waiting } from './components/waiting.tsx'
import { Problem } from './problem.ts'
import type { Page, Route } from './route.ts'

type LazyName = Exclude<Page, 'shop' | 'notFound'>
type PageComponent = ComponentType<{ route: Route }>

const loaders: Record<LazyName, () => Promise<PageComponent>> = {
  checkout: async () => (await import('./pages/checkout.tsx')).Checkout,
  return: async () => (await import('./pages/return.tsx')).Return,
  orders: async () => (await import('./pages/orders.tsx')).Orders,
  order: async () => (await import('./pages/order.tsx')).OrderPage,
  legal: async () => (await import('./pages/legal.tsx')).Legal,
  join: async () => (await import('./pages/join.tsx')).Join,
  membership: async () => (await import('./pages/membership.tsx')).MembershipPage,
  connect: async () => (await import('./pages/connect.tsx')).ConnectPage,
  accounts: async () => (await import('./pages/accounts.tsx')).AccountsPage,
  link: async () => (await import('./pages/link.tsx')).LinkPage,
  plans: async () => (await import('./pages/plans.tsx')).Plans,
}
const loaded = new Map<LazyName, PageComponent>()

/** Fetches the hand-over's code while the finger is still on the button. The page itself says if that failed. */
export function preloadCheckout(): void {
  load('checkout').catch(() => {})
}

/** A page whose code, and whose words, come with its first visit. */
export function LazyPage({ page, route }: { page: LazyName; route: Route }) {
  const { inner, speakInside } = useApp()
  const [Component, setComponent] = useState(() => loaded.get(page) ?? null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (!Component) load(page).then((component) => setComponent(() => component), fail)
    if (!inner) speakInside().catch(fail)
    function fail() {
      setFailed(true)
    }
  }, [page, Component, inner, speakInside])
  // A browser may remember that a module failed to load, so only a new page load is a real retry.
  if (failed) {
    return <ProblemNotice error={new Problem('pageMissing')} retry={() => location.reload()} />
  }
  return Component && inner ? <Component route={route} /> : <Waiting />
}

async function load(name: LazyName): Promise<PageComponent> {
  const component = await loaders[name]()
  loaded.set(name, component)
  return component
}
