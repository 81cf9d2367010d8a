// Stands in for https://js.stripe.com/v3/pricing-table.js: the element, and a frame beside this very file.
const beside = new URL('.', document.currentScript.src)
const ATTRIBUTES = [
  'pricing-table-id',
  'publishable-key',
  'client-reference-id',
  'customer-email',
  'customer-session-client-secret',
]

class StripePricingTable extends HTMLElement {
  static observedAttributes = ATTRIBUTES
  #frame = null

  connectedCallback() {
    this.#frame = document.createElement('iframe')
    this.#frame.title = 'Stripe pricing table'
    Object.assign(this.#frame.style, {
      display: 'block',
      width: '100%',
      height: '320px',
      border: '0',
    })
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    root.replaceChildren(this.#frame)
    window.addEventListener('message', this.#hear)
    this.#show()
  }

  disconnectedCallback() {
    window.removeEventListener('message', this.#hear)
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#frame) this.#show()
  }

  /** Behind the #, so that nothing of it is sent anywhere with the frame's address. */
  #show() {
    const told = new URLSearchParams()
    for (const name of ATTRIBUTES)
      if (this.hasAttribute(name)) told.set(name, this.getAttribute(name))
    this.#frame.src = `${new URL('pricing-table-app.html', beside)}#${told}`
  }

  #hear = ({ source, origin, data }) => {
    if (source !== this.#frame?.contentWindow || origin !== beside.origin) return
    if (data.height) this.#frame.style.height = `${data.height}px`
    if (data.url) location.assign(data.url)
  }
}

if (!customElements.get('stripe-pricing-table'))
  customElements.define('stripe-pricing-table', StripePricingTable)
