import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'

type Change = { at: number; bytes: Buffer } | { size: number }
type Kept = { synced: Buffer; born: boolean; pending: Change[] }
/** A file's content after the power came back, by name; what was never synced is not there. */
export type Image = ReadonlyMap<string, Buffer>

/** Disks write whole sectors, and a page that is on its way may arrive in part. */
const SECTOR = 512

/**
 * A folder whose files remember two things: what was written, and what was synced. A power cut leaves
 * the second, and of the rest nothing or a part, in sectors. Works by standing in the way of Node's
 * own fs calls, which is how SQLite built for WebAssembly reaches the disk. Deleting a file counts as
 * synced: SQLite syncs the folder itself.
 */
export function forgetfulDisk(folder: string, eachStep: () => void) {
  const files = new Map<string, Kept>()
  for (const name of fs.readdirSync(folder))
    files.set(name, { synced: fs.readFileSync(join(folder, name)), born: true, pending: [] })
  const open = new Map<number, string>()
  const { openSync, closeSync, unlinkSync, ftruncateSync, writeSync, fsyncSync } = fs
  const real = { openSync, closeSync, unlinkSync, ftruncateSync, writeSync, fsyncSync }

  function kept(name: string): Kept {
    const known = files.get(name) ?? { synced: Buffer.alloc(0), born: false, pending: [] }
    files.set(name, known)
    return known
  }

  function noted(fd: number, change: Change): void {
    const name = open.get(fd)
    if (name) kept(name).pending.push(change)
    if (name) eachStep()
  }

  fs.openSync = (path, ...rest) => {
    const inside = dirname(String(path)) === folder
    if (inside) kept(basename(String(path)))
    const fd = real.openSync(path, ...rest)
    if (inside) open.set(fd, basename(String(path)))
    return fd
  }
  fs.closeSync = (fd) => {
    open.delete(fd)
    real.closeSync(fd)
  }
  fs.unlinkSync = (path) => {
    if (dirname(String(path)) === folder) files.delete(basename(String(path)))
    real.unlinkSync(path)
  }
  fs.ftruncateSync = (fd, size) => {
    real.ftruncateSync(fd, size)
    noted(fd, { size: size ?? 0 })
  }
  fs.writeSync = ((fd: number, bytes: Uint8Array, from: number, length: number, at: number) => {
    const written = real.writeSync(fd, bytes, from, length, at)
    if (open.has(fd)) noted(fd, { at, bytes: Buffer.from(bytes.subarray(from, from + length)) })
    return written
  }) as typeof fs.writeSync
  fs.fsyncSync = (fd) => {
    real.fsyncSync(fd)
    const name = open.get(fd)
    if (!name) return
    const file = kept(name)
    file.synced = composed(file.synced, file.pending)
    Object.assign(file, { born: true, pending: [] })
    eachStep()
  }

  return {
    /** What a cut now would leave. `arrives`: may this sector that was not synced have made it? */
    cut(arrives: () => boolean): Image {
      const left = new Map<string, Buffer>()
      for (const [name, { synced, born, pending }] of files) {
        const lucky = pending.flatMap((change) => sectorsOf(change).filter(arrives))
        if (born || lucky.length > 0) left.set(name, composed(synced, lucky))
      }
      return left
    },
    restore: () => void Object.assign(fs, real),
  }
}

function sectorsOf(change: Change): Change[] {
  if ('size' in change) return [change]
  const { at, bytes } = change
  const count = Math.ceil(bytes.length / SECTOR)
  return Array.from({ length: count }, (_, part) => ({
    at: at + part * SECTOR,
    bytes: bytes.subarray(part * SECTOR, (part + 1) * SECTOR),
  }))
}

/** Room for the largest it ever is, made once: thousands of changes may wait for a sync. */
function composed(content: Buffer, changes: readonly Change[]): Buffer {
  const ends = changes.map((change) =>
    'size' in change ? change.size : change.at + change.bytes.length,
  )
  const room = Buffer.alloc(Math.max(content.length, ...ends))
  let size = content.copy(room)
  for (const [index, change] of changes.entries()) {
    if ('size' in change) {
      room.fill(0, change.size)
      size = change.size
    } else {
      change.bytes.copy(room, change.at)
      size = Math.max(size, ends[index] ?? 0)
    }
  }
  return room.subarray(0, size)
}
