import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { databaseHealth, openReadOnly, openStore } from '../../lib/store/index.ts'
import { startChild } from './support/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'rp-places-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

symlinkSync('loop2', join(folder, 'loop1'))
symlinkSync('loop1', join(folder, 'loop2'))
symlinkSync('folder', join(folder, 'link'))
symlinkSync('not-there-yet.db', join(folder, 'dangling.db'))
mkdirSync(join(folder, 'folder'))
mkdirSync(join(folder, 'with:colon, and comma'))
writeFileSync(join(folder, 'file'), '')
writeFileSync(join(folder, 'key.pem'), '')
spawnSync('mkfifo', [join(folder, 'pipe')])

// As /dev/stdout is where the output of a command goes into a file.
const descriptor = openSync(join(folder, 'open'), 'w')
symlinkSync(`/proc/self/fd/${descriptor}`, join(folder, 'descriptor'))

const long = 'x'.repeat(5000)
const here = (path: string) => `sqlite:${join(folder, path)}`

describe('a database that cannot be', () => {
  test.each([
    ['loop of links', here('loop1')],
    ['loop of links on the way', here('loop1/plays.db')],
    ['name of 5,000 characters', here(long)],
    ['name of 300 characters', here('y'.repeat(300))],
    ['name that leaves no room for the staging file', here('z'.repeat(240))],
    ['path of 5,000 characters', here(`${'folder12/'.repeat(550)}plays.db`)],
    ['folder', here('folder')],
    ['folder by its slash', here('new/')],
    ['link to a folder', here('link')],
    ['pipe', here('pipe')],
    ['device', 'sqlite:/dev/null'],
    ['open file of this process', `sqlite:/proc/self/fd/${descriptor}`],
    ['link to an open file of this process', here('descriptor')],
    ['file in a file', here('file/plays.db')],
    ['file of /proc', 'sqlite:/proc/self/mem'],
    ['nothing', 'sqlite:'],
    ['text with a NUL', 'sqlite:a\0b'],
    ['user that is not well encoded', 'postgres://%zz@127.0.0.1:1/plays'],
    ['password that is not well encoded', 'postgres://me:%ff@127.0.0.1:1/plays'],
    ['name that is not well encoded', 'postgres://127.0.0.1:1/%E0%A4%A'],
    ['host that is not well encoded', 'postgres://%/plays'],
    ['parameter that is not well encoded', 'postgres://127.0.0.1:1/plays?options=%zz'],
    ['host with a NUL', 'postgres://h%00/plays'],
    ['parameter with a NUL', 'postgres://127.0.0.1:1/plays?host=%00'],
    ['host of 5,000 characters', `postgres://${long}/plays`],
    ['name of 5,000 characters', `postgres://127.0.0.1:1/${long}`],
    ['socket of 5,000 characters', `postgres://127.0.0.1/plays?host=/${long}`],
    ['port beyond the last one', 'postgres://127.0.0.1:99999/plays'],
    ['port 0', 'postgres://127.0.0.1:0/plays'],
    ['port that is a word', 'postgres://127.0.0.1/plays?port=abc'],
    ['certificate that is a folder', `postgres://127.0.0.1:1/plays?sslmode=verify-full&sslrootcert=${folder}`],
    ['client certificate that is empty', `postgres://127.0.0.1:1/plays?sslmode=require&sslcert=${folder}/key.pem`],
  ])(
    '%s',
    async (_, url) => {
      for (const open of [openStore, openReadOnly]) {
        const error = await open(url, { log: silent }).catch((reason) => reason)
        expect(error).toMatchObject({ place: expect.any(String), remedy: expect.any(String) })
        expect([2, 5]).toContain(error.exitCode)
      }
      // `npm run doctor` says what it found, or fails with the same sentence.
      const health = await databaseHealth(url, { log: silent }).catch((error) => error.exitCode)
      if (typeof health === 'number') expect([2, 5]).toContain(health)
      else expect(health.schema.is).toBe('absent')
    },
    30_000,
  )

  test('leaves no folders behind', () => {
    expect(readdirSync(folder)).not.toContain('folder12')
  })

  test('the command says so, and exits with 5', () => {
    const script = fileURLToPath(new URL('../../scripts/db-setup.ts', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, DATABASE_URL: 'sqlite:loop1' },
    })
    expect({ status, stderr }).toEqual({
      status: 5,
      stderr: expect.stringMatching(
        /^error: the path of the database is a loop of links\n {2}at: .*loop1\n {2}do: .*\n$/,
      ),
    })
  })
})

test.each([
  'dangling.db',
  'with:colon, and comma/plays.db',
  'a?mode=ro',
  'file:x',
])('a database with the name %s is made', async (name) => {
  const store = await openStore(here(name), { log: silent })
  expect(await store.counts()).toMatchObject({ plays: 0 })
  await store.close()
})

test.each([
  [0o077, '600'],
  [0o022, '644'],
  [0o002, '664'],
])('a new database and all files beside it follow the umask %i', async (mask, wanted) => {
  const url = here(`umask-${mask}/plays.db`)
  const before = process.umask(mask)
  const child = startChild(url, 'stage')
  process.umask(before)
  await child.line('staged')
  const made = join(folder, `umask-${mask}`)
  const modes = readdirSync(made).map((name) => [
    name.replace(/-stg-.*/, '-stg'),
    (statSync(join(made, name)).mode & 0o777).toString(8),
  ])
  child.kill()
  await child.ended()
  expect(Object.fromEntries(modes)).toEqual({
    'plays.db': wanted,
    'plays.db-shm': wanted,
    'plays.db-wal': wanted,
    'plays.db-stg': wanted,
  })
})
