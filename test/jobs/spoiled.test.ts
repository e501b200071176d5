import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { AppError } from '../../lib/errors.ts'
import { checkPlaces } from '../../lib/spark/places.ts'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { runJob } from '../support/run-job.ts'

/* Surroundings that a user can mend never look like a bug (70) or a crash (1). */

const folder = scratch()
const url = `sqlite:${join(folder, 'plays.db')}`
const sample = fileURLToPath(new URL('../../sample/plays.csv', import.meta.url))

beforeAll(async () => {
  await fillStore(url, { plays: [{ artist: 'Queen', song: 'Innuendo', callsign: 'KXYZ', timeUnix: 1_403_279_923 }] })
})

/** Every command with arguments that work in sound surroundings, but for the aggregation, which is named apart. */
const commands: readonly [name: string, args: readonly string[]][] = [
  ['aggregate', ['--input', sample]],
  ['enrich', ['--dry-run']],
  ['export', ['--table', 'songs']],
  ['report', []],
  ['stats', []],
  ['explore', ['tables']],
  ['../scripts/db-setup', []],
  ['../scripts/generate', ['--plays', '20']],
]

const place = (dotenv?: (path: string) => void) => {
  const here = mkdtempSync(join(folder, 'here-'))
  dotenv?.(join(here, '.env'))
  return here
}

describe.each(commands)('%s', (name, args) => {
  test('.env is a folder, or not UTF-8: exit 2 and its path', async () => {
    const spoiled = [
      place((path) => mkdirSync(path)),
      place((path) => writeFileSync(path, Buffer.from('\ufeffLOG_LEVEL=warn\n', 'utf16le'))),
      place((path) => writeFileSync(path, Buffer.from('ENRICH_CONTACT=Zo\xeb\n', 'latin1'))),
    ]
    for (const cwd of spoiled) {
      const { code, stderr } = await runJob(name, args, { cwd, env: { DATABASE_URL: url } })
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^error: \.env is (a folder|not UTF-8 text)\n {2}at: .*\.env\n/),
      ])
    }
  })
})

test('.env with a byte order mark, as Windows editors save it, is read', async () => {
  const cwd = place((path) => writeFileSync(path, `\ufeffDATABASE_URL=${url}\n`))
  expect(await runJob('stats', [], { cwd })).toMatchObject({ code: 0, stderr: '' })
})

describe('an embedded Spark', () => {
  const file = join(folder, 'a-file')
  beforeAll(() => writeFileSync(file, ''))

  test.each<[string, string, number, RegExp]>([
    ['missing', '/no/such/folder', 4, /temporary files is not there/],
    ['a file', file, 4, /temporary files is not a folder/],
    ['with a comma', join(folder, 'a,b'), 2, /a comma in the path/],
    ['with a line break', join(folder, 'a\nb'), 2, /a line break in the path/],
  ])('TMPDIR %s', async (_, temporary, code, message) => {
    const { code: got, stderr } = await runJob('aggregate', ['--input', sample], {
      cwd: place(),
      env: { TMPDIR: temporary, SPARK_REMOTE: 'local[*]', DATABASE_URL: 'sqlite:new.db' },
    })
    expect([got, stderr]).toEqual([code, expect.stringMatching(message)])
    expect(stderr).toContain('TMPDIR=/tmp')
  })

  test('in a project whose path has a colon', async () => {
    const error = await checkPlaces('/home/me/a:b/.spark').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ kind: 'usage', message: expect.stringMatching(/a colon in the path/) })
  })
})
