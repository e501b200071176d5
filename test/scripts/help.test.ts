import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const ended = (name: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [`scripts/${name}.ts`, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

test.each(['stubs', 'bench', 'test-docker'])('%s -- --help starts with examples and does nothing', async (name) => {
  const typed = name === 'test-docker' ? 'test:docker' : name
  const { code, stdout } = await ended(name, '--help')
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^Examples:\\n {2}npm run ${typed}[^]*Usage: npm run ${typed} --`)),
  ])
})

test.each([
  ['a flag that stubs does not have', ['stubs', '--inptu'], /unknown option '--inptu'/],
  ['a flag that test:docker does not have', ['test-docker', '--inptu'], /unknown option '--inptu'/],
  ['an unknown benchmark', ['bench', 'jbo'], /unknown command 'jbo'\n\(Did you mean job\?\)/],
  ['a flag that a benchmark does not have', ['bench', 'job', '--rusn', '1'], /unknown option '--rusn'/],
  ['no benchmark', ['bench'], /Usage: npm run bench/],
] as const)('%s is exit 2', async (_, [name, ...args], message) => {
  expect(await ended(name, ...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
})

test('conformance -- --help shows help, and an unknown flag is exit 2', async () => {
  const script = 'lib/spark-connect-js/conformance/run.ts'
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--help'])
  expect(stdout).toMatch(/^npm run conformance -- /)
  await expect(promisify(execFile)(process.execPath, [script, '--bogus'])).rejects.toMatchObject({ code: 2 })
})
