import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { testSparkAddress } from '../../../test/support/spark.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const root = fileURLToPath(new URL('../../..', import.meta.url))

test('the first lines of the README run and print what it says', async () => {
  const code = /```ts run\n([\s\S]*?)```/.exec(readme)?.[1]
  const printed = /^prints `(.*)`/m.exec(readme)?.[1]
  expect(code).toBeDefined()
  expect(printed).toBeDefined()
  const here = code!.replace('sc://localhost:15002', await testSparkAddress())
  const args = ['--no-warnings', '--input-type=module-typescript', '--eval', here]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 60_000 })
  expect(stdout.trim()).toBe(printed)
}, 120_000)
