import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const files = globSync(['lib/plays/**/*.ts', 'jobs/**/*.ts'], { cwd: root }).sort()

/** Lines of the rules and jobs in which a pattern is found, as `file: line`. */
function places(pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
}

test('rules and jobs are found', () => {
  expect(files).toContain('lib/plays/names/artist-rules.ts')
  expect(files).toContain('jobs/aggregate.ts')
})

// SQL text has no completion and no types, and fails on the server only. The numbers below go down, never up.
test('rules are typed columns: no SQL text', () => {
  expect(places(/\b(?:expr|selectExpr)[<(]|\b(?:where|filter)\(\s*['"`]|\.sql[<(`]/)).toEqual([])
})

test('functions without a typed name are called in one place', () => {
  // Spark's whole division, which PySpark's functions lack as well.
  expect(places(/\bcall_function</)).toHaveLength(1)
})

test('frames know their rows', () => {
  expect(places(/\bUntypedFrame\b|\.\$castTo</)).toEqual([])
})

test('files hold at most 400 lines', () => {
  const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400)
  expect(long).toEqual([])
})
