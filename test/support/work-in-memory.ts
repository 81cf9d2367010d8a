import { accessSync, constants, statfsSync } from 'node:fs'
import { freemem } from 'node:os'

/** What a run needs at most is 0.4 GB. */
const ROOM = 2 * 1_024 ** 3
const MEMORY = '/dev/shm'

/**
 * Keeps a run's databases, and the browsers' profiles, in memory where Linux offers a folder for it with
 * room to spare: to make and remove hundreds of them is a tenth of a run's time on a disk. Tests of full disks,
 * of power cuts and of fsync bring their own. Whoever has set TMPDIR is heeded.
 */
export default function setup(): void {
  if (process.env['TMPDIR'] || !hasRoom()) return
  process.env['TMPDIR'] = MEMORY
}

function hasRoom(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ROOM && freemem() > ROOM
  } catch {
    return false
  }
}
