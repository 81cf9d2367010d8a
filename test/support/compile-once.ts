import { join } from 'node:path'

/**
 * Keeps what Node has compiled and stripped of its types for the processes and threads that come later in
 * the run: each house of an end-to-end test opens its worker's thread, which reads the whole server (0.4 s less
 * of 1.2 s). What the tests start as a shop does keeps its own (server/require-node.mjs).
 */
export default function setup(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(
    import.meta.dirname,
    ...['..', '..', 'node_modules', '.cache', 'compiled-tests'],
  )
}
