import type { FastifyInstance } from 'fastify'
import { ApiError, noSuch } from './api-errors.ts'
import { expandOf, findOrThrow } from './api-reads.ts'
import { entitlementsOf } from './entitle.ts'
import { expandObject } from './expand-objects.ts'
import { carryFeatures, featureNamed } from './feature-book.ts'
import { merged, required, shapedBody } from './form-body.ts'
import { pageOf, readPaging } from './page-lists.ts'
import type { Form } from './parse-form.ts'
import { pathOf } from './serve-api.ts'
import { must, type State } from './state.ts'

type ById = { Params: { id: string } }

/** Features, which products carry them, and who is entitled to what. */
export function serveEntitlements(app: FastifyInstance, state: State): void {
  app.get('/entitlements/active_entitlements', (request) => {
    const query = request.query as Form
    const { limit, after } = readPaging(query, ['customer'])
    const customer = required(query, 'customer')
    if (!state.customers.get(customer)) throw noSuch('customer', customer, 'customer')
    const all = entitlementsOf(state, customer)
    const at = after === undefined ? -1 : all.findIndex(({ id }) => id === after)
    if (after !== undefined && at === -1) throw noSuch('active_entitlement', after)
    return expandObject(state, pageOf(all.slice(at + 1), pathOf(request), limit), expandOf(query))
  })

  app.post('/entitlements/features', (request) => {
    const form = shapedBody(request, { lookup_key: true, name: true, metadata: 'any' })
    const key = required(form, 'lookup_key')
    const name = required(form, 'name')
    for (const feature of state.features.newestFirst()) {
      if (feature.lookup_key !== key) continue
      throw new ApiError(400, `A feature with lookup key ${key} already exists.`, {
        code: 'resource_already_exists',
        param: 'lookup_key',
      })
    }
    return featureNamed(state, key, name, merged({}, form))
  })

  const productOf = (id: string, livemode: boolean) =>
    findOrThrow({ kind: 'product', shelf: state.products }, id, livemode)

  app.get<ById>('/products/:id/features', (request) => {
    const product = productOf(request.params.id, request.livemode)
    const { limit } = readPaging(request.query as Form)
    return pageOf(state.productFeatures.get(product.id) ?? [], pathOf(request), limit)
  })

  app.post<ById>('/products/:id/features', (request) => {
    const product = productOf(request.params.id, request.livemode)
    const form = shapedBody(request, { entitlement_feature: true })
    const id = required(form, 'entitlement_feature')
    const feature = state.features.get(id)
    if (!feature) throw noSuch('entitlements.feature', id, 'entitlement_feature')
    const before = (state.productFeatures.get(product.id) ?? []).map(
      (one) => one.entitlement_feature,
    )
    return carryFeatures(state, product.id, [...before, feature]).at(-1)
  })

  app.delete<{ Params: { id: string; feature: string } }>(
    '/products/:id/features/:feature',
    (request) => {
      const product = productOf(request.params.id, request.livemode)
      const before = state.productFeatures.get(product.id) ?? []
      const left = before.filter(({ id }) => id !== request.params.feature)
      if (left.length === before.length) throw noSuch('product_feature', request.params.feature)
      state.productFeatures.set(must(state.products, product.id).id, left)
      return { id: request.params.feature, object: 'product_feature', deleted: true }
    },
  )
}
