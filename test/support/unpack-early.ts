import { chromiumOptions } from './chromium.ts'

/**
 * The browser is unpacked while the first tests run (4 s of the processor's time on a fresh clone). Who
 * needs it waits for it by itself, and says what went wrong.
 */
export default function setup(): void {
  void chromiumOptions().catch(() => {})
}
