import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { firstLines } from './support/readme.ts'
import { testSparkAddress } from './support/spark.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('the first lines of the README run and print what it says', async () => {
  const { code, printed } = firstLines()
  expect(code).toContain("'local[*]'")
  expect(code.trim().split('\n')).toHaveLength(10)
  const here = code.replace("'local[*]'", JSON.stringify(await testSparkAddress()))
  const args = ['--no-warnings', '--input-type=module-typescript', '--eval', here]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 60_000 })
  expect(stdout.trim()).toBe(printed)
}, 120_000)
