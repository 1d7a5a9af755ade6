// A reporter for Vitest: writes how many tests passed, failed and were skipped, and what failed with its cause.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

/** Where the report is written: a path from the root of the repository. */
export const reportFile = 'test-results.json'

export default class TestReport {
  onTestRunEnd(modules, unhandled) {
    const sum = { passed: 0, failed: 0, skipped: 0 }
    const failures = []
    const note = (name, errors) => {
      failures.push({ name, cause: errors.map(causeOf).join('\n') })
      sum.failed += 1
    }
    for (const module of modules) {
      const path = relative(process.cwd(), module.moduleId)
      // A file that could not be loaded, or a hook that failed, counts as one failure.
      if (module.errors().length > 0) note(path, module.errors())
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) note(`${path} › ${suite.fullName}`, suite.errors())
      }
      for (const test of module.children.allTests()) {
        const { state, errors = [] } = test.result()
        if (state === 'failed') note(`${path} › ${test.fullName}`, errors)
        else sum[state] += 1
      }
    }
    if (unhandled.length > 0) note('an error outside of every test', unhandled)
    writeFileSync(reportFile, JSON.stringify({ ...sum, failures }))
  }
}

function causeOf({ message = '', stack = '', stacks = [] }) {
  const places = stacks.map(({ file, line }) => `    ${relative(process.cwd(), file)}:${line}`)
  return [message || stack, ...places.slice(0, 5)].join('\n')
}
