import { createRequire } from 'node:module'
import type { FastifyServerOptions } from 'fastify'

type Controller = NonNullable<FastifyServerOptions['schemaController']>
type Factory = Required<NonNullable<Controller['compilersFactory']>>
type Build = (schemas: unknown, options: unknown) => Compile
type Compile = (route: { schema: unknown }) => unknown

// What Fastify itself would take, whichever versions it came with.
const ofFastify = createRequire(createRequire(import.meta.url).resolve('fastify'))
const validators: Build = ofFastify('@fastify/ajv-compiler')()
const serializers: Build = ofFastify('@fastify/fast-json-stringify-compiler')()

/**
 * Compiles each schema once for all the houses of a process: the same routes are opened hundreds of
 * times in a run of the tests, and compiling them was the larger part of what that costs (50 ms of 80).
 */
export const sharedCompilers: Controller = {
  compilersFactory: {
    buildValidator: once(validators) as Factory['buildValidator'],
    buildSerializer: once(serializers) as Factory['buildSerializer'],
  },
}

function once(build: Build): Build {
  const made = new Map<string, unknown>()
  return (schemas, options) => {
    const compile = build(schemas, options)
    return (route) => {
      const key = JSON.stringify([schemas, options, route.schema])
      if (!made.has(key)) made.set(key, compile(route))
      return made.get(key)
    }
  }
}
