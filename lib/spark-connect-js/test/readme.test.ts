import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { firstLines, longExample, readme } from './support/readme.ts'
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

test('the long example is examples/plays.ts, and prints what the README says', async () => {
  const { code, printed } = longExample()
  const file = join(import.meta.dirname, '..', 'examples', 'plays.ts')
  // Its first lines, which say how to run it, are left out.
  expect(readFileSync(file, 'utf8').replace(/^(\/\/.*\n)+/, '')).toBe(code)
  const env = { ...process.env, SPARK_REMOTE: await testSparkAddress() }
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', file], { env, timeout: 60_000 })
  expect(stdout).toBe(printed)
}, 120_000)

test('a Node that is too old is told in the sentence that the README has', async () => {
  const entry = new URL('../src/index.ts', import.meta.url)
  const old = `const zlib = require('node:zlib'); zlib.zstdCompress = zlib.zstdDecompressSync = undefined
    require('node:module').syncBuiltinESMExports(); Object.defineProperty(process, 'version', { value: 'v20.20.2' })
    import(${JSON.stringify(entry.href)})`
  const args = ['--no-warnings', '--input-type=commonjs', '--eval', old]
  const { stderr } = await promisify(execFile)(process.execPath, args).catch((error) => error)
  const [, sentence] = /Error: (spark-connect-js .*)/.exec(stderr) ?? []
  expect(readme.replace(/\s+/g, ' ')).toContain(`\`${sentence}\``)
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(15)
})
