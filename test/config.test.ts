import { describe, expect, test } from '@jest/globals'
import { databaseUrl, didYouMean, flagProperty, loadSettings } from '../lib/config.ts'
import { AppError } from '../lib/errors.ts'
import { settingOrigins } from '../lib/setting-origins.ts'

const load = (sources: Parameters<typeof loadSettings>[0] = {}) => loadSettings({ env: {}, dotenv: '', ...sources })

function faultOf(sources: Parameters<typeof loadSettings>[0]): AppError {
  try {
    load(sources)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('no fault')
}

describe('loadSettings', () => {
  test('flags win over the environment, that over .env, that over the default', () => {
    const all = {
      flags: { fuzzyThreshold: '70' },
      env: { FUZZY_THRESHOLD: '80' },
      dotenv: 'FUZZY_THRESHOLD=85',
    }
    expect(load(all).fuzzyThreshold).toBe(70)
    expect(load({ ...all, flags: {} }).fuzzyThreshold).toBe(80)
    expect(load({ dotenv: all.dotenv }).fuzzyThreshold).toBe(85)
    expect(load().fuzzyThreshold).toBe(90)
  })

  test('an empty variable counts as not given', () => {
    expect(load({ env: { TIMEZONE: '' }, dotenv: 'TIMEZONE=Europe/Rome' }).timezone).toBe('Europe/Rome')
  })

  test('all faults come in one message, each with its name, value and what is allowed', () => {
    const fault = faultOf({ env: { FUZZY_THRESHOLD: 'high', TIMEZONE: 'Mars/Base' } })
    expect(fault.exitCode).toBe(2)
    expect(fault.message).toBe(
      'TIMEZONE is "Mars/Base" but must be a zone of the IANA database, such as Europe/Amsterdam; ' +
        'FUZZY_THRESHOLD is "high" but must be a whole number from 50 to 100',
    )
  })

  test('a fault in a flag is named by the flag', () => {
    expect(faultOf({ flags: { sparkRemote: 'http://x' } }).message).toMatch(/^--spark-remote must be sc:/)
  })

  test('an unknown name in .env is refused with what was meant; the environment is not searched', () => {
    expect(faultOf({ dotenv: 'DATABSE_URL=sqlite:x' }).message).toBe(
      '.env: DATABSE_URL is not a setting; did you mean DATABASE_URL?',
    )
    expect(() => load({ env: { DATABSE_URL: 'sqlite:x' } })).not.toThrow()
  })

  test('the value of a secret is never in the message', () => {
    expect(faultOf({ env: { DATABASE_URL: 'mysql://u:canary@h/x' } }).message).not.toContain('canary')
    expect(faultOf({ env: { SPARK_REMOTE: 'http://h;token=canary' } }).message).not.toContain('canary')
  })
})

describe('databaseUrl', () => {
  test.each([
    [{}, 'sqlite:data/plays.db'],
    [{ DATABASE_URL: 'sqlite:x.db', DATABASE_TYPE: 'postgres' }, 'sqlite:x.db'],
    [{ DATABASE_TYPE: 'sqlite', DB_NAME: 'y.db' }, 'sqlite:y.db'],
    [
      { DATABASE_TYPE: 'postgres', DB_HOST: 'db', DB_USER: 'me', DB_PASSWORD: 'p@ss/1', DB_NAME: 'plays' },
      'postgres://me:p%40ss%2F1@db:5432/plays',
    ],
    [
      { DATABASE_TYPE: 'postgres', DB_HOST: 'db', DB_USER: '5%', DB_PASSWORD: '100%41' },
      'postgres://5%25:100%2541@db:5432/radio_plays',
    ],
  ])('%j', (env, url) => {
    expect(databaseUrl(load({ env }))).toBe(url)
  })
})

test.each([
  ['--fuzzy-threshold <percent>', 'fuzzyThreshold'],
  ['--contact <contact>', 'contact'],
])('flagProperty(%s)', (flag, property) => {
  expect(flagProperty(flag)).toBe(property)
})

test('didYouMean keeps silent when nothing is near', () => {
  expect(didYouMean('COLOUR', ['DATABASE_URL', 'TIMEZONE'])).toBeUndefined()
})

describe('settingOrigins', () => {
  const of = (env: Record<string, string>, dotenv = '') =>
    Object.fromEntries(
      settingOrigins({ env, dotenv }).map(({ name, value, origin, fault }) => [name, [value, origin, fault]]),
    )

  test('says of each setting what it is and where that comes from', () => {
    expect(of({ TIMEZONE: 'Europe/Amsterdam', LOG_LEVEL: '' }, 'TIMEZONE=UTC\nFUZZY_THRESHOLD=80')).toMatchObject({
      TIMEZONE: ['Europe/Amsterdam', 'environment', null],
      FUZZY_THRESHOLD: ['80', '.env', null],
      LOG_LEVEL: ['info', 'default', null],
      SPARK_HOME: [null, 'not set', null],
    })
    expect(Object.keys(of({}))).toHaveLength(settingOrigins({ env: {}, dotenv: '' }).length)
  })

  test('shows no secret, whole, in part or in a malformed value', () => {
    const shown = of({
      DATABASE_URL: 'postgres://me:pw@canary@db.example/plays?sslmode=require&password=canary',
      SPARK_REMOTE: 'sc://spark:15002/;token=canary',
      LASTFM_API_KEY: 'canary',
      EXECUTOR_DATABASE_URL: 'mysql://me:canary@db',
    })
    expect(shown).toMatchObject({
      DATABASE_URL: ['postgres://me:***@db.example/plays?***', 'environment', null],
      SPARK_REMOTE: ['sc://spark:15002/;***', 'environment', null],
      LASTFM_API_KEY: ['***', 'environment', null],
      EXECUTOR_DATABASE_URL: ['***', 'environment', expect.stringMatching(/^must be postgres:/)],
    })
    expect(JSON.stringify(shown)).not.toContain('canary')
  })
})
