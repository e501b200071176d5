// The programs of examples/ run, and print what they should.
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { testSparkAddress } from './support/spark.ts'

const folder = join(import.meta.dirname, '..', 'examples')

/** What each prints, or how it ends. */
const printed: Readonly<Record<string, RegExp>> = {
  'arguments.ts': /"O'Connor".*"O'CONNOR"[\s\S]*\[ \[ 8n \], \[ 9n \] \]/,
  'json.ts': /"day":"2024-02-29".*"place":\{"city":"Wien"\}/,
  'stop.ts': /^3 rows read\n(CANCELLED|DEADLINE_EXCEEDED)/,
  'words.ts': /^to 3n\nbe 2n/,
}

test('every program has its output here', () => {
  // plays.ts is the long example of the README; readme.test.ts runs it.
  expect(globSync('*.ts', { cwd: folder }).sort()).toEqual([...Object.keys(printed), 'plays.ts'].sort())
})

test.each(Object.entries(printed))(
  '%s',
  async (file, output) => {
    const env = { ...process.env, SPARK_REMOTE: await testSparkAddress() }
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', join(folder, file)], { env })
    expect(stdout).toMatch(output)
  },
  120_000,
)
