import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

test.each(['stubs', 'bench'])('%s -- --help shows help and does nothing', async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [`scripts/${name}.ts`, '--help'])
  expect(stdout).toMatch(new RegExp(`^Usage: npm run ${name} --`))
})

test('a flag that stubs does not have is exit 2', async () => {
  const ended = promisify(execFile)(process.execPath, ['scripts/stubs.ts', '--inptu'])
  await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/unknown option '--inptu'/) })
})

test('conformance -- --help shows help, and an unknown flag is exit 2', async () => {
  const script = 'lib/spark-connect-js/conformance/run.ts'
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--help'])
  expect(stdout).toMatch(/^npm run conformance -- /)
  await expect(promisify(execFile)(process.execPath, [script, '--bogus'])).rejects.toMatchObject({ code: 2 })
})
