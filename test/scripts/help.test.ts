import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const ended = (name: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [`scripts/${name}.ts`, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

test.each([
  'stubs',
  'bench',
  'test-docker',
  'package',
])('%s -- --help starts with examples and does nothing', async (name) => {
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

test.each([
  ['a port that is none', ['abc'], /--port.*must be a whole number from 1 to 65530/i],
  ['a port beyond the last', ['70000'], /--port.*must be a whole number from 1 to 65530/i],
  ['a port that is taken', [], /error: port \d+ is taken\n {2}at: --port\n {2}do: .*--port 9000\n$/],
] as const)('stubs: %s is exit 2', async (_, [port], message) => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { code, stderr } = await ended('stubs', '--port', port ?? String((taken.address() as AddressInfo).port))
  taken.close()
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})

test('bench and conformance say what of the surroundings is wrong, without a stack', async () => {
  const env = { ...process.env, TMPDIR: '/no/such/folder', PATH: dirname(process.execPath) }
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, args, { env }).catch(({ code, stderr }) => ({ code, stderr }))
  expect(await run('scripts/bench.ts', 'job')).toMatchObject({ code: 4, stderr: expect.stringMatching(/TMPDIR/) })
  const conformance = await run('lib/spark-connect-js/conformance/run.ts', '--version', '0.0.0')
  expect(conformance).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/golden plans of Spark 0\.0\.0.*\n {2}do: /),
  })
  expect(conformance.stderr).not.toMatch(/^ {4}at /m)
})

test('conformance -- --help shows help, and an unknown flag is exit 2', async () => {
  const script = 'lib/spark-connect-js/conformance/run.ts'
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--help'])
  expect(stdout).toMatch(/^npm run conformance -- /)
  await expect(promisify(execFile)(process.execPath, [script, '--bogus'])).rejects.toMatchObject({ code: 2 })
})

test.each([
  'aggregate',
  'enrich',
  'doctor',
  'weekly-chart',
  'lake',
])('the help of %s names the settings of the database, and the file of metrics', async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [`jobs/${name}.ts`, '--help'])
  expect(stdout).toMatch(/DATABASE_URL .*DATABASE_TYPE .*DB_HOST .*DB_PASSWORD .*METRICS_FILE /s)
})

test('npm has a --yes of its own, which is not taken for a flag in the wrong place', async () => {
  const env = { ...process.env, npm_config_yes: 'true', TIMEZONE: 'Mars' }
  const ended = promisify(execFile)(process.execPath, ['jobs/aggregate.ts'], { env })
  await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: TIMEZONE is "Mars"/) })
})
