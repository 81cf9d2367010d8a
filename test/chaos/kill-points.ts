import { checkBook } from './check-book.ts'
import { openStage } from './stage.ts'
import { TRAPS } from './traps.ts'

/** A step that lasts a fraction of a millisecond may be missed; then another order is sent. */
const MOST_TRIES = 40

export type KillPoints = {
  /** How often each step was hit, proven by the books after the kill */
  hits: Record<string, number>
  kills: number
  orders: number
  lost: string[]
  double: string[]
}

/** Kills the house at each step of an order's way, as often as asked; each order must end well. */
export async function killBetweenSteps(options: {
  hits: number
  /** All when left out */
  steps?: readonly string[]
}): Promise<KillPoints> {
  const stage = await openStage()
  const found: KillPoints = { hits: {}, kills: 0, orders: 0, lost: [], double: [] }
  try {
    for (const trap of TRAPS.filter(({ step }) => options.steps?.includes(step) ?? true)) {
      let hits = 0
      for (let tries = 0; hits < options.hits && tries < MOST_TRIES * options.hits; tries++) {
        const outcome = await stage.killAt(trap)
        if (outcome === 'hit') hits++
        if (outcome !== 'slipped through') found.kills++
      }
      found.hits[trap.step] = hits
    }
    await stage.settled()
    const { lost, double } = checkBook({ ...stage, staff: null })
    return { ...found, orders: stage.wishes.length, lost, double }
  } finally {
    await stage.close()
  }
}
