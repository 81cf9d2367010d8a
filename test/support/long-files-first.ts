import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What waits for killed processes and silent vendors, the longest first (20 to 40 s). On a fresh clone
 * Vitest knows only how large a file is, and these are small: begun last, they are waited for alone.
 */
export const LONG_FILES = [
  'test/chaos.test.ts',
  'test/members-shuffled.test.ts',
  'test/broken-disk.test.ts',
  'test/kill-points.test.ts',
  'test/outage.test.ts',
  'test/mutants.test.ts',
  'test/orders.test.ts',
  'test/store.contract.test.ts',
  'test/discord-roles.test.ts',
  'test/start.test.ts',
  'test/copy.test.ts',
  'test/backfill.test.ts',
  'test/reconcile.test.ts',
  'test/commands.test.ts',
  'test/pace.test.ts',
  'test/store-postgres.test.ts',
  'test/mail-instead.test.ts',
  'test/fuzz.test.ts',
  'test/power-cut.test.ts',
  'test/e2e/demo-page.test.ts',
  'test/e2e/looks.test.ts',
  'test/e2e/when-things-fail.test.ts',
  'test/e2e/membership.test.ts',
  'test/e2e/discord.test.ts',
  'test/e2e/demo-members.test.ts',
  'test/e2e/inside-line.test.ts',
  'test/e2e/login.test.ts',
  'test/e2e/pricing-table.test.ts',
  'test/e2e/pictures.test.ts',
]

/**
 * A project's files stay together: where one of another stands between them, Vitest ends the process that
 * has the server loaded, and the next one loads it anew (2 s). The few of the small projects come first.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG_FILES.findIndex((file) => moduleId.endsWith(`/${file}`))
      return at < 0 ? LONG_FILES.length : at
    }
    const size = (project: TestSpecification['project']) =>
      files.filter((file) => file.project === project).length
    return (await super.sort(files)).toSorted(
      (one, other) =>
        size(one.project) - size(other.project) ||
        one.project.name.localeCompare(other.project.name) ||
        rank(one) - rank(other),
    )
  }
}
