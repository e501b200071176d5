import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { version } from '../../lib/version.ts'
import { scratch } from '../support/input-files.ts'
import { testSparkAddress } from '../support/spark.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const folder = scratch()
// Without what `npm test` gives to its children: its folder is not that of the package.
const ownEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:registry|proxy))/.test(name)),
)
const quiet = { npm_config_loglevel: 'error', npm_config_update_notifier: 'false' }

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The command of the package, as `npx` starts it, in a folder of its own with empty caches. */
async function radioPlays(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const tarball = join(root, `dist/radio-plays-${version()}.tgz`)
  const caches = { npm_config_cache: join(folder, 'npm'), XDG_CACHE_HOME: join(folder, 'cache') }
  const options = { cwd: folder, env: { ...ownEnv, ...quiet, ...caches, LOG_LEVEL: 'warn', ...env } }
  try {
    const ended = await run('npx', ['--yes', '--package', tarball, 'radio-plays', ...args], options)
    return { code: 0, ...ended }
  } catch (error) {
    const { code, stdout, stderr } = error as Ended
    return { code, stdout, stderr }
  }
}

const reachable = await run('npm', ['view', 'commander', 'version'], { env: { ...ownEnv, ...quiet } }).then(
  () => true,
  () => false,
)
if (!reachable) console.warn('skipped: the package is not tried, since npm reaches no registry from here')

;(reachable ? describe : describe.skip)('the package, without a clone', () => {
  beforeAll(async () => {
    await run('npm', ['run', '--silent', 'package'], { cwd: root, env: { ...ownEnv, ...quiet } })
  }, 120_000)

  test('lists its commands, and names them as they are typed', async () => {
    const listed = await radioPlays([])
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    expect(listed.stdout).toMatch(
      /^Usage: radio-plays COMMAND .*\n {2}radio-plays aggregate {2}logs to clean tables\n/s,
    )
    expect((await radioPlays(['aggregate', '--help'])).stdout).toContain(
      '\n  radio-plays aggregate --append --input logs/',
    )
    expect(await radioPlays(['stats'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('do: run radio-plays aggregate'),
    })
    expect(await radioPlays(['play'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no command "play"'),
    })
  }, 180_000)

  test('runs the main job on the sample and on a folder, with the data in the current folder', async () => {
    const env = { SPARK_REMOTE: await testSparkAddress() }
    const sample = await radioPlays(['aggregate', '--json'], env)
    expect(sample).toMatchObject({ code: 0 })
    const { plays, database } = JSON.parse(sample.stdout)
    expect([plays, database]).toEqual([4_966, 'data/plays.db'])
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'logs/one.csv'), 'artist;title;station;time\nQueen;Tie;KXYZ;2024-05-01 10:00:00\n')
    const ended = await radioPlays(['aggregate', '--json', '--input', 'logs'], env)
    expect(JSON.parse(ended.stdout)).toMatchObject({ plays: 1, stations: 1 })
    expect((await radioPlays(['explore', 'sql', 'select count(*) as n from plays'])).stdout).toMatch(/\b1\b/)
    expect((await radioPlays(['report'])).stdout).toMatch(/^data\/report\.html: /)
  }, 300_000)
})
