import type { Reporter, TestModule } from 'vitest/node'

/** Closes the run with one plain line that any CI can read. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<unknown>): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    )
    const broken = modules.filter((module) => module.errors().length > 0).length
    const count = (state: string) => states.filter((each) => each === state).length
    const failed = count('failed') + broken + unhandled.length
    console.log(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`)
  }
}
