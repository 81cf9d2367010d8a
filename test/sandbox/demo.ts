import { buildDemoApp } from './build-demo-app.ts'
import { type Rig, startRig } from './rig.ts'

/** `npm run demo`: the whole shop on this machine, with stand-ins for LINE and Stripe. */
const FAVOURITE_PORT = 4242

await buildDemoApp()
const rig = await startRig({ port: FAVOURITE_PORT, leadsStripeHere: true }).catch(
  (error: unknown) => {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    return startRig({ leadsStripeHere: true })
  },
)

console.log(`
  暖簾 Noren — the demo is open. No account, no key, no real money.

    ${rig.origin}/__demo/

  Ctrl+C closes it; nothing is kept.
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => close(rig))

async function close(open: Rig): Promise<void> {
  await open.close()
  process.exit(0)
}
