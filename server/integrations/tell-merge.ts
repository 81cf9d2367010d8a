import type { Merges } from '../people/merge-people.ts'
import type { Emitter } from './emit.ts'
import { emitPersonLinked } from './person-payload.ts'

/** The books with which two persons are made one, so that other systems hear of it. */
export function mergesOf(emitter: Emitter): Merges {
  return {
    ...emitter,
    whenMerged: (tx, { id, into, how }) =>
      emitPersonLinked(emitter, tx, { personId: into, subject: id, how, order: null }),
  }
}
