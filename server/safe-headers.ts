/**
 * On every answer but the page's own, which has a policy that fits it. What is not the page is data:
 * nothing in it may run, be framed, be guessed to be something else or be kept by anybody between.
 */
export function safeHeaders(https: boolean): Record<string, string> {
  return {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}

const STRIPE_JS = 'https://js.stripe.com'

/** Only our own code, and LINE's API for the LIFF SDK; pictures may come from wherever Stripe keeps them. */
export function pagePolicy(https: boolean) {
  return {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:', 'https:'],
      'connect-src': ["'self'", 'https://api.line.me'],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
      ...(https ? { 'upgrade-insecure-requests': [] } : {}),
    },
  }
}

/**
 * The same where a pricing table stands: Stripe's script and frame besides, and nothing else, as Stripe asks
 * for it. https://docs.stripe.com/payments/checkout/pricing-table#content-security-policy
 */
export function tablePolicy(https: boolean) {
  const { directives, ...others } = pagePolicy(https)
  return {
    ...others,
    directives: {
      ...directives,
      'script-src': [...directives['script-src'], STRIPE_JS],
      'frame-src': [STRIPE_JS],
    },
  }
}
