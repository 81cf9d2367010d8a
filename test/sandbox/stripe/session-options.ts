import type Stripe from 'stripe'
import { flagIn, partsOf, rowsIn, wordIn } from './form-body.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'

type Session = Stripe.Checkout.Session

/** What a server asks of the page: kept on the session as it was asked. Throws ApiError 400. */
export function optionsOf(form: Form, mode: 'payment' | 'subscription'): Partial<Session> {
  const given = <T extends Partial<Session>>(name: string, make: () => T): Partial<Session> =>
    form[name] === undefined ? {} : make()
  return {
    allow_promotion_codes: flagIn(form, 'allow_promotion_codes', false),
    cancel_url: textOf(form['cancel_url']) ?? null,
    customer_email: textOf(form['customer_email']) ?? null,
    ...given('automatic_tax', () => ({ automatic_tax: taxOf(partsOf(form, 'automatic_tax')) })),
    ...given('billing_address_collection', () => ({
      billing_address_collection: wordIn(form, 'billing_address_collection', ['auto', 'required'])!,
    })),
    ...given('consent_collection', () => ({
      consent_collection: consentOf(partsOf(form, 'consent_collection')),
    })),
    ...given('custom_text', () => ({ custom_text: textsFor(partsOf(form, 'custom_text')) })),
    ...given('custom_fields', () => ({
      custom_fields: rowsIn(form, 'custom_fields').map(fieldOf),
    })),
    ...given('customer_creation', () => ({
      customer_creation: wordIn(form, 'customer_creation', ['always', 'if_required'])!,
    })),
    ...given('payment_method_collection', () => ({
      payment_method_collection: wordIn(form, 'payment_method_collection', [
        'always',
        'if_required',
      ])!,
    })),
    ...given('phone_number_collection', () => ({
      phone_number_collection: {
        enabled: flagIn(partsOf(form, 'phone_number_collection'), 'enabled', false),
      },
    })),
    ...given('saved_payment_method_options', () => ({
      saved_payment_method_options: savedOf(partsOf(form, 'saved_payment_method_options')),
    })),
    ...given('shipping_address_collection', () => ({
      shipping_address_collection: {
        allowed_countries: textsOf(
          partsOf(form, 'shipping_address_collection')['allowed_countries'],
        ),
      },
    })),
    ...given('tax_id_collection', () => ({
      tax_id_collection: {
        enabled: flagIn(partsOf(form, 'tax_id_collection'), 'enabled', false),
        required:
          wordIn(partsOf(form, 'tax_id_collection'), 'required', ['if_supported', 'never']) ??
          'never',
      },
    })),
    submit_type: wordIn(form, 'submit_type', WORDS[mode]) ?? 'auto',
  }
}

const WORDS = {
  payment: ['auto', 'book', 'donate', 'pay'],
  subscription: ['auto', 'subscribe'],
} as const

function taxOf(form: Form): Session['automatic_tax'] {
  const enabled = flagIn(form, 'enabled', false)
  return { enabled, liability: null, provider: null, status: enabled ? 'complete' : null }
}

function consentOf(form: Form): Session['consent_collection'] {
  const position = textOf(partsOf(form, 'payment_method_reuse_agreement')['position'])
  return {
    payment_method_reuse_agreement:
      position === 'hidden' || position === 'auto' ? { position } : null,
    promotions: wordIn(form, 'promotions', ['auto', 'none']) ?? null,
    terms_of_service: wordIn(form, 'terms_of_service', ['none', 'required']) ?? null,
  }
}

function textsFor(form: Form): Session['custom_text'] {
  const message = (name: string) => {
    const text = textOf(partsOf(form, name)['message'])
    return text ? { message: text } : null
  }
  return {
    after_submit: message('after_submit'),
    shipping_address: message('shipping_address'),
    submit: message('submit'),
    terms_of_service_acceptance: message('terms_of_service_acceptance'),
  }
}

function fieldOf(form: Form): Stripe.Checkout.Session.CustomField {
  const limits = { default_value: null, maximum_length: null, minimum_length: null, value: null }
  const type = wordIn(form, 'type', ['dropdown', 'numeric', 'text'])!
  return {
    key: textOf(form['key']) ?? '',
    label: { custom: textOf(partsOf(form, 'label')['custom']) ?? '', type: 'custom' },
    optional: flagIn(form, 'optional', false),
    type,
    ...(type === 'text' && { text: limits }),
    ...(type === 'numeric' && { numeric: limits }),
    ...(type === 'dropdown' && { dropdown: { default_value: null, options: [], value: null } }),
  }
}

function savedOf(form: Form): Session['saved_payment_method_options'] {
  return {
    allow_redisplay_filters: ['always'],
    payment_method_remove: wordIn(form, 'payment_method_remove', ['disabled', 'enabled']) ?? null,
    payment_method_save: wordIn(form, 'payment_method_save', ['disabled', 'enabled']) ?? null,
  }
}
