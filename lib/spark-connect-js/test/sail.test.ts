import { expect, test } from '@jest/globals'
import { suiteResults } from '../conformance/sail.ts'

test('what differs on another server is told by reason, with the tests that failed', () => {
  const failed = (title: string, failure: string) => ({ status: 'failed', title, failureMessages: [failure] })
  const [result] = suiteResults({
    testResults: [
      {
        name: '/somewhere/test/frames.test.ts',
        assertionResults: [
          { status: 'passed', title: 'a join', failureMessages: [] },
          { status: 'pending', title: 'skipped here', failureMessages: [] },
          failed('a literal', 'SparkConnectError: [INTERNAL] missing argument: element type\n    at line 5'),
          failed('another', 'SparkConnectError: [INTERNAL] missing argument: element type\n    at line 9'),
          failed('a variant', 'Error: expect(received).toEqual(expected)'),
        ],
      },
    ],
  })
  expect(result).toMatchObject({ suite: 'frames', passed: 1, total: 4 })
  expect([...result!.failures]).toEqual([
    ['missing argument: element type', ['a literal', 'another']],
    ['another answer than Spark’s', ['a variant']],
  ])
})
