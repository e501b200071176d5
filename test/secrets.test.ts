import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseRemote } from 'spark-connect-js'
import { loadSettings, type Setting, settings } from '../lib/config.ts'
import { diagnoseSettings } from '../lib/doctor/index.ts'
import { redact } from '../lib/secrets.ts'
import { withoutSecrets } from '../lib/spark/index.ts'

describe('redact', () => {
  test.each([
    ['sc://host:15002/;token=abc123;user_id=x', 'sc://host:15002/;token=***;user_id=x'],
    ['postgres://me:pa55@db:5432/plays', 'postgres://me:***@db:5432/plays'],
    ['mysql://me:p@ss@w0rd@db/plays', 'mysql://me:***@db/plays'],
    ['failed: me:pa55/word@db/plays', 'failed: me:***@db/plays'],
    [`host=db password='two words' user=me`, `host=db password=*** user=me`],
    ['sc:/host/;x-api-key=abc;authorization=def', 'sc:/host/;x-api-key=***;authorization=***'],
    ['GET /2.0/?method=x&api_key=0123456789&format=json', 'GET /2.0/?method=x&api_key=***&format=json'],
    ['authorization: Bearer abcdefgh12345678', 'authorization: Bearer ***'],
    // What is no secret stays readable: names, and the form that a remedy shows.
    ['The Token Ring by Nobody', 'The Token Ring by Nobody'],
    ['Basic understanding: two words at 12:30', 'Basic understanding: two words at 12:30'],
    ['write postgres://USER:PASSWORD@HOST:PORT/NAME', 'write postgres://USER:PASSWORD@HOST:PORT/NAME'],
  ])('%s', (input, expected) => {
    expect(redact(input)).toBe(expected)
  })
})

const secret = 'hunter2-Geheim'
/** Settings that can hold a secret, each with its name in the environment. */
const holders = Object.values<Setting<unknown>>(settings).filter((each) => each.secret !== undefined)

test('the settings that can hold a secret are known', () => {
  expect(holders.map((each) => each.env)).toEqual(
    expect.arrayContaining([
      'SPARK_REMOTE',
      'DATABASE_URL',
      'EXECUTOR_DATABASE_URL',
      'DB_PASSWORD',
      'DB_NAME',
      'DB_HOST',
    ]),
  )
  const named = Object.values<Setting<unknown>>(settings).filter((each) =>
    /TOKEN|KEY|PASSWORD|URL|REMOTE/.test(each.env),
  )
  expect(named.filter((each) => each.secret === undefined).map((each) => each.env)).toEqual([])
})

/** Malformed values that people really write, with the secret somewhere in them. */
const slips = [
  `user:${secret}@host/db`,
  `host=db user=me password='two ${secret}' dbname=x`,
  `mysql://me:p@${secret}@host/db`,
  `sc:/host/;x-api-key=${secret};authorization=${secret}`,
  `sc://host:15002,token=${secret}`,
  `sc://host token=${secret}`,
  `sc://host:${secret}/;use_ssl=true`,
  `sc://host/;use_ssl=${secret}`,
  `sc://host/;${secret}=;token=x`,
  `sc://me:${secret}@host:15002`,
  `postgres//me:${secret}@host/db`,
  `postgres://me:12/${secret}@host/db`,
  `postgres://me:12#${secret}@host/db`,
  `postgres://me:12?${secret}@host/db`,
  `postgres://me:x@host/db;password=${secret}`,
  `postgres://me:x@host/db?sslmode=${secret}`,
  `postgres://me:%zz${secret}@host/db`,
  `jdbc:postgresql://host/db?user=me&password=${secret}`,
  `"postgres://me:${secret}@host/db"`,
]

/** The same from any pieces: the secret between what connection strings are made of. */
const anySlip = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        'sc',
        'postgres',
        'mysql',
        ':',
        '/',
        '//',
        '@',
        'host',
        'me',
        ';',
        '=',
        '?',
        ' ',
        "'",
        'token',
        '12',
        '#',
        '%',
        'local',
      ),
    ),
    fc.array(fc.constantFrom('@', 'host', '/', 'db', ';', ':', '5432', '=', '?', '#', ']', "'", ' ', 'x')),
  )
  .map(([before, after]) => `${before.join('')}${secret}${after.join('')}`)

/** Whatever a value meets in one process: the settings, the doctor, the addresses for people and logs. */
async function everythingSaid(name: string, value: string): Promise<string> {
  const said: unknown[] = []
  const attempt = async (work: () => unknown) => {
    try {
      said.push(await work())
    } catch (error) {
      const { message, place, remedy } = error as { message?: string; place?: string; remedy?: string }
      said.push(message, place, remedy)
    }
  }
  const env = { [name]: value }
  await attempt(() => void loadSettings({ env, dotenv: '' }))
  await attempt(() => diagnoseSettings({ env, dotenv: '' }).faults)
  await attempt(() => diagnoseSettings({ env: {}, dotenv: value }).faults)
  await attempt(() => diagnoseSettings({ env: {}, dotenv: `${value}=1` }).faults)
  if (name === 'SPARK_REMOTE') {
    await attempt(() => withoutSecrets(value))
    await attempt(() => void parseRemote(value, {}))
  }
  return redact(JSON.stringify(said))
}

describe('a malformed setting is not repeated', () => {
  test.each(slips)('%s', async (slip) => {
    for (const { env } of holders) expect(await everythingSaid(env, slip)).not.toContain(secret)
  })

  test('whatever it is made of', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySlip,
        fc.constantFrom('SPARK_REMOTE', 'DATABASE_URL', 'DB_NAME', 'DB_HOST'),
        async (slip, name) => {
          expect(await everythingSaid(name, slip)).not.toContain(secret)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('and the remedy shows the right form as it is', () => {
    const faults = () => loadSettings({ env: { DATABASE_URL: `user:${secret}@host/db` }, dotenv: '' })
    expect(faults).toThrow(/^DATABASE_URL must be sqlite:PATH or postgres:\/\/USER:PASSWORD@HOST:PORT\/NAME$/)
  })
})
