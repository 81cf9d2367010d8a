import type { Interaction, JoinTrouble } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { CommandDesk, Composed, Frame } from './command-desk.ts'

type Asked = Exclude<Interaction['does'], { open: string } | { decline: true }>

/** Two accounts that become one person's, or two again. */
export async function answerAboutAccounts(
  _desk: CommandDesk,
  _account: AccountRow,
  frame: Frame,
  asked: Asked,
): Promise<Composed> {
  const why: JoinTrouble = 'unlink' in asked ? 'alone' : 'code_unknown'
  return { answer: { ...frame, kind: 'refused', why }, token: null }
}
