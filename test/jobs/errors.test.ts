import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore, type Store } from '../../lib/store/index.ts'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { type EndedJob, runJob } from '../support/run-job.ts'

/*
 * What users do wrong, and what they are told: each message names the thing and what to do, in at most four lines, with
 * the exit code that belongs to it.
 */

const folder = scratch()
const sample = fileURLToPath(new URL('../../sample/plays.csv', import.meta.url))
const full = 'sqlite:full.db'

interface Mistake {
  readonly what: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Record<string, string>
  /** Default: the tests' folder. */
  readonly in?: string
  readonly code: number
  readonly says: RegExp
}

function mistake(what: string, code: number, command: string, says: RegExp, more: Partial<Mistake> = {}): Mistake {
  const [job, ...args] = command.split(' ').map((word) => word.replaceAll('_', ' '))
  return { what, command: job!, args, code, says, ...more }
}

test('job:enrich -- --dry-run without a database makes none', async () => {
  const cwd = join(folder, 'empty')
  mkdirSync(cwd)
  const { code, stderr } = await runJob('enrich', ['--dry-run'], { cwd })
  expect([code, stderr]).toEqual([
    5,
    expect.stringMatching(/the database does not exist yet\n.*\n {2}do: run npm run job:aggregate/),
  ])
  expect(readdirSync(cwd)).toEqual([])
})

const mistakes: readonly Mistake[] = [
  mistake('a flag misspelt', 2, 'aggregate --inptu x', /unknown option '--inptu' \(Did you mean --input\?\)/),
  mistake('a value out of range', 2, 'aggregate --max-quarantine 200', /must be a number from 0 to 100/),
  mistake(
    'a zone that is none',
    2,
    'report --timezone Mars',
    /--timezone is "Mars" but must be a zone .*Europe\/Amsterdam/,
  ),
  mistake('a Spark address of another kind', 2, 'aggregate --spark-remote http://x', /must be sc:\/\/HOST:PORT/),
  mistake('another kind of database', 2, 'stats --database-url mysql://x', /must be sqlite:PATH or postgres:/),
  mistake('several settings at once', 2, 'stats', /DATABASE_TYPE is "oracle".*; DB_PORT is "abc"/, {
    env: { DATABASE_TYPE: 'oracle', DB_PORT: 'abc' },
  }),
  mistake('a misspelt name in .env', 2, 'stats', /SPARK_REMOT is not a setting; did you mean SPARK_REMOTE\?/, {
    in: 'slip',
  }),
  mistake('a missing input', 3, 'aggregate --input missing.txt', /file not found: missing\.txt/),
  mistake('an empty input', 3, 'aggregate --input empty.txt', /empty\.txt is empty/),
  mistake('an empty data/input is none', 2, 'aggregate --append', /--append needs an input/, { in: 'unfetched' }),
  mistake('a header alone', 3, 'aggregate --input header.csv', /header\.csv has column names but no rows/),
  mistake('no text', 3, 'aggregate --input binary.dat', /binary\.dat is not a text file/),
  mistake('an unknown encoding', 2, 'aggregate --input header.csv --encoding klingon', /"klingon" is not an encoding/),
  mistake(
    'a column that is not there',
    2,
    `aggregate --input ${sample.replaceAll(' ', '_')} --map Foo=artist`,
    /unknown column "Foo"/,
  ),
  mistake('a field that is none', 2, `aggregate --input ${sample} --map RAW_ARTIST=artis`, /"artis" is not a field/),
  mistake('no Spark there', 4, `aggregate --input ${sample} --database-url sqlite:none.db`, /127\.0\.0\.1:1\b/, {
    env: { SPARK_REMOTE: 'sc://127.0.0.1:1/' },
  }),
  mistake(
    'a Spark host that does not exist',
    4,
    `aggregate --input ${sample} --database-url sqlite:unknown-host.db`,
    /the host of the Spark server is not known\n {2}at: sc:\/\/spark\.invalid/,
    { env: { SPARK_REMOTE: 'sc://spark.invalid' } },
  ),
  mistake('no database yet', 5, 'stats --database-url sqlite:missing.db', /the database does not exist yet/),
  mistake('a folder as database', 5, 'stats --database-url sqlite:folder', /folder/),
  mistake('a text file as database', 5, 'stats --database-url sqlite:empty-no.db', /not a SQLite database/),
  mistake(
    'a database where no folder can be made',
    5,
    `aggregate --input ${sample} --database-url sqlite:/proc/nope/x.db`,
    /cannot be opened\n {2}at: \/proc\/nope/,
  ),
  mistake('an export where no folder can be made', 3, `export --out /proc/nope/x --database-url ${full}`, /ENOENT/),
  mistake(
    'a delimiter that is none',
    2,
    'aggregate --delimiter ::',
    /--delimiter is "::" but must be ";", ",", "\|" or tab/,
  ),
  mistake(
    'no Postgres there',
    5,
    'stats --database-url postgres://u:canary@127.0.0.1:1/x',
    /no Postgres server answers there/,
  ),
  mistake(
    'an unknown table',
    2,
    `export --table playz --database-url ${full}`,
    /unknown table "playz"; did you mean plays\?/,
  ),
  mistake(
    'a file where a folder goes',
    2,
    `export --out empty.txt --database-url ${full}`,
    /empty\.txt is not a folder/,
  ),
  mistake('a folder where a file goes', 2, `report --out folder --database-url ${full}`, /folder is a folder/),
  mistake('SQL that is none', 2, `explore sql selct_1 --database-url ${full}`, /near "selct".*\n.*explore -- schema/),
  mistake('SQL that writes', 2, `explore sql delete_from_plays --database-url ${full}`, /this only reads/),
  mistake('an unknown column', 2, `explore facets plays colour --database-url ${full}`, /no column "colour"/),
  mistake(
    'an artist that nobody played',
    2,
    `explore explain artist Quen --database-url ${full}`,
    /no artist is named "Quen"/,
  ),
  mistake('an unknown action', 2, `explore tabels --database-url ${full}`, /did you mean tables\?/),
  mistake('no whole number', 2, 'stats --top many', /--top is "many" but must be a whole number/),
  mistake('a word too many', 2, 'stats extra', /too many arguments/),
  mistake(
    'flags before --',
    2,
    'aggregate new.csv',
    /npm took --append for itself\n.*npm run job:aggregate -- --append/,
    {
      env: { npm_config_append: 'true' },
    },
  ),
  mistake('a choice that is none', 2, 'enrich --refresh sometimes', /must be due, failed or all/),
  mistake('flags that exclude each other', 2, 'enrich --artists --tracks', /cannot be used with/),
  mistake('a contact that is none', 2, `enrich --contact nobody --database-url ${full}`, /not an address/),
  mistake('a service beyond this machine', 2, `enrich --database-url ${full}`, /ALLOW_CUSTOM_HOSTS/, {
    env: { MUSICBRAINZ_URL: 'http://services.example/' },
  }),
  mistake(
    'services that are all down',
    6,
    `enrich --strict --deadline 3s --database-url ${full}`,
    /could not be made/,
    {
      env: Object.fromEntries(
        ['MUSICBRAINZ', 'LISTENBRAINZ', 'WIKIDATA_QUERY', 'WIKIDATA', 'COMMONS', 'LASTFM'].map((name) => [
          `${name}_URL`,
          'http://127.0.0.1:1/',
        ]),
      ),
    },
  ),
  mistake('an address of another kind', 2, 'fetch --url ftp://x/y', /ftp/),
  mistake('nobody at the address', 3, 'fetch --url http://127.0.0.1:1/y.csv --tries 1', /127\.0\.0\.1:1/),
  mistake(
    'another run under way',
    75,
    `aggregate --input ${sample} --database-url sqlite:locked.db`,
    /lock|another run/i,
  ),
  mistake('a port that is taken', 2, `explore serve --database-url ${full} --port TAKEN`, /port \d+ is taken/),
]

const ended = new Map<Mistake, EndedJob>()
let taken: Server
let locked: Store

beforeAll(async () => {
  for (const name of ['folder', 'slip', 'unfetched/data/input']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'slip/.env'), 'SPARK_REMOT=sc://x\n')
  writeFileSync(join(folder, 'empty.txt'), '')
  writeFileSync(
    join(folder, 'empty-no.db'),
    'this is a note and no database at all, whatever its name says\n'.repeat(20),
  )
  writeFileSync(join(folder, 'header.csv'), `${readFileSync(sample, 'utf8').split('\n')[0]}\n`)
  writeFileSync(join(folder, 'binary.dat'), Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)))
  const plays = [{ artist: 'Queen', song: 'Bicycle', callsign: 'KAAA', timeUnix: 1_402_876_800 }]
  await fillStore(`sqlite:${join(folder, 'full.db')}`, { plays })
  locked = await openStore(`sqlite:${join(folder, 'locked.db')}`, { log: silent })
  await locked.lock({ runId: 'other', job: 'job:aggregate' })
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const port = String((taken.address() as AddressInfo).port)
  const waiting = [...mistakes]
  const worker = async () => {
    for (let each = waiting.shift(); each; each = waiting.shift()) {
      const args = each.args.map((word) => (word === 'TAKEN' ? port : word))
      const cwd = join(folder, each.in ?? '')
      ended.set(each, await runJob(each.command, args, { cwd, env: { LOG_LEVEL: 'error', ...each.env } }))
    }
  }
  await Promise.all([worker(), worker(), worker()])
}, 300_000)

afterAll(async () => {
  await locked.close()
  await new Promise((resolve) => taken.close(resolve))
})

describe('a mistake is told in at most four lines, with what to do', () => {
  test.each(mistakes.map((each) => [each.what, each.code, each] as const))('%s: %d', (_what, code, each) => {
    const { code: got, stdout, stderr } = ended.get(each)!
    expect({ code: got, stderr }).toEqual({ code, stderr: expect.stringMatching(each.says) })
    const lines = stderr.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(4)
    expect(lines[0]).toMatch(/^error: /)
    expect(stderr).toMatch(/\n {2}do: |must be|did you mean/i)
    expect(stderr).not.toMatch(/canary|\n\s+at .*\.ts:\d/)
    if (code !== 6) expect(stdout).toBe('')
  })
})
