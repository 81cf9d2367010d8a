import Stripe from 'stripe'

/** What a shopkeeper does in Stripe's dashboard, or another program of theirs: the real SDK at the stand-in. */
export function stripeSdk(sandbox: { url: string; secretKey: string }): Stripe {
  const { hostname: host, port } = new URL(sandbox.url)
  return new Stripe(sandbox.secretKey, {
    ...{ host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 },
  })
}
