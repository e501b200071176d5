import { appendFileSync } from 'node:fs'

/**
 * A jest reporter that closes a run with the line `N passed, N failed, N skipped`, and names each skipped test.
 * With TEST_COUNTS=FILE it also appends the three numbers there, so that several runs can be added up.
 */
export default class ClosingLine {
  onTestResult(_test, result) {
    for (const each of result.testResults) {
      if (each.status === 'pending') process.stdout.write(`skipped: ${each.fullName}\n`)
    }
  }

  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has no failed test, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const counts = [results.numPassedTests, failed, results.numPendingTests + results.numTodoTests]
    if (process.env.TEST_COUNTS) appendFileSync(process.env.TEST_COUNTS, `${counts.join(' ')}\n`)
    process.stdout.write(`${counts[0]} passed, ${counts[1]} failed, ${counts[2]} skipped\n`)
  }
}
