import type { Merges } from '../people/merge-people.ts'
import type { Undoing } from '../people/undo-merge.ts'
import type { Emitter } from './emit.ts'
import { emitPersonLinked } from './person-payload.ts'

/** The books with which two persons are made one, and two again, so that other systems hear of it. */
export function mergesOf(emitter: Emitter): Merges & Undoing {
  return {
    ...emitter,
    whenMerged: (tx, { id, from, into, how }) =>
      emitPersonLinked(emitter, tx, { personId: into, subject: id, how, order: null, was: from }),
    whenUndone: (tx, { id, from, into }) => {
      const subject = `${id}:undone`
      return emitPersonLinked(emitter, tx, {
        ...{ personId: from, subject, how: 'undone', order: null, was: into },
      })
    },
  }
}
