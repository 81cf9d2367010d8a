type Entry<T> = { place: number; item: T }

/** Objects by id, and newest first without sorting; optionally also grouped, so that no list scans everything. */
export type Shelf<T> = {
  put(item: T): T
  get(id: string): T | undefined
  /** After a change of what it is grouped by: found under the new key too; the caller filters the old one. */
  refile(item: T): void
  /** Newest first; of one group when given, and only what is older than the object `after`. */
  newestFirst(options?: { group?: string; after?: string }): Generator<T>
  size(): number
}

/** `groupsOf` says under which keys an object can be listed, fixed at the time it is put. */
export function createShelf<T extends { id: string }>(
  groupsOf: (item: T) => readonly (string | null)[] = () => [],
): Shelf<T> {
  const byId = new Map<string, Entry<T>>()
  const all: Entry<T>[] = []
  const groups = new Map<string, Entry<T>[]>()

  function file(key: string, entry: Entry<T>) {
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }

  return {
    put(item) {
      const entry = { place: all.length, item }
      byId.set(item.id, entry)
      all.push(entry)
      for (const key of groupsOf(item)) if (key !== null) file(key, entry)
      return item
    },
    get: (id) => byId.get(id)?.item,
    refile(item) {
      const entry = byId.get(item.id)
      if (!entry) return
      for (const key of groupsOf(item)) {
        const group = key === null ? undefined : groups.get(key)
        if (!group && key !== null) file(key, entry)
        else if (group && !group.includes(entry))
          group.splice(countBefore(group, entry.place), 0, entry)
      }
    },
    *newestFirst({ group, after } = {}) {
      const row = group === undefined ? all : (groups.get(group) ?? [])
      const before = after === undefined ? Infinity : (byId.get(after)?.place ?? -1)
      for (let at = countBefore(row, before) - 1; at >= 0; at--) yield row[at]!.item
    },
    size: () => all.length,
  }
}

/** How many entries stand before this place. Rows are in order of place, so halving finds it. */
function countBefore(row: readonly { place: number }[], place: number): number {
  let low = 0
  let high = row.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (row[middle]!.place < place) low = middle + 1
    else high = middle
  }
  return low
}
