import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { duration } from '../lib/cli/index.ts'
import { loadSettings, settings } from '../lib/config.ts'

/*
 * The flags of all commands, as their sources and the settings declare them: one name has one form and one unit everywhere.
 */

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every flag by its name: its value as help shows it (empty: none), and where it is. */
function allFlags(): Map<string, { value: string; file: string }[]> {
  const flags = new Map<string, { value: string; file: string }[]>()
  const add = (text: string, file: string) => {
    const [, name, value] = /--([\w-]+)(?: (.*))?$/.exec(text)!
    flags.set(name!, [...(flags.get(name!) ?? []), { value: value ?? '', file }])
  }
  for (const file of globSync(['jobs/**/*.ts', 'scripts/**/*.ts', 'lib/cli/*.ts', 'lib/own-job/*.ts'], { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, flag] of text.matchAll(/(?:\.(?:o|requiredO)ption|new Option)\(\s*'((?:-\w, )?--[^']+)'/g))
      add(flag!, file)
  }
  for (const each of Object.values(settings)) if ('flag' in each && each.flag) add(each.flag, `setting ${each.env}`)
  return flags
}

const flags = allFlags()

/** Names whose value differs by what the command is about. */
const different: Readonly<Record<string, string>> = {
  artists: 'how many, or these alone',
  out: 'one file, or a folder of several',
  plays: 'one size, or several of a benchmark',
  names: 'one size, or several of a benchmark',
}

test('they are found', () => {
  expect(flags.size).toBeGreaterThan(80)
  expect(flags.get('json')!.length).toBeGreaterThan(6)
  expect(flags.get('database-url')).toEqual([{ value: '<url>', file: 'setting DATABASE_URL' }])
})

test('a flag has one form in all commands', () => {
  const many = [...flags].filter(
    ([name, uses]) => !(name in different) && new Set(uses.map(({ value }) => value)).size > 1,
  )
  expect(Object.fromEntries(many)).toEqual({})
  for (const name of Object.keys(different))
    expect(new Set(flags.get(name)!.map(({ value }) => value)).size).toBeGreaterThan(1)
})

test('times, sizes and shares have one unit each', () => {
  const all = [...flags].flatMap(([name, uses]) => uses.map((use) => ({ name, ...use })))
  const named = (pattern: RegExp) =>
    all.filter(({ name }) => pattern.test(name)).map(({ name, value }) => `${name} ${value}`)
  for (const flag of named(/bytes|memory|size$/)) expect(flag).toMatch(/ <size>$/)
  for (const flag of named(/timeout|deadline|wait|keep$/)) expect(flag).toMatch(/ <time>$/)
  for (const flag of named(/quarantine|threshold|max-score/)) expect(flag).toMatch(/ <percent>$/)
  expect(all.filter(({ value }) => /<(ms|s|seconds|minutes|hours|bytes|mb|gb)\b/i.test(value))).toEqual([])
})

test('settings take the times that flags take', () => {
  const load = (env: Record<string, string>) => loadSettings({ env, dotenv: '' })
  expect(load({ DATABASE_WAIT: '5m' }).databaseWaitS).toBe(300)
  expect(load({ DATABASE_WAIT: '60' }).databaseWaitS).toBe(60)
  expect(load({}).databaseWaitS).toBe(0)
  expect(load({ SPARK_KEEP: '2h' }).sparkKeepMinutes).toBe(120)
  expect(load({ API_TIMEOUT: '30s' }).apiTimeoutS).toBe(30)
  for (const env of [{ SPARK_KEEP: '90s' }, { DATABASE_WAIT: '2h' }, { API_TIMEOUT: '0s' }, { DATABASE_WAIT: '5 m' }]) {
    expect(() => load(env as never)).toThrow(/must be whole (seconds|minutes) from/)
  }
})

test('a time beyond what a timer can wait is refused: it would be over at once', () => {
  expect(duration('596h')).toBe(596 * 3_600_000)
  for (const text of ['600h', '99999h', '-1m', '5x']) expect(() => duration(text)).toThrow(/such as 90s/)
})
