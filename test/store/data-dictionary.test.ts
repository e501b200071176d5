import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { playColumns } from '../../lib/model/load-tables.ts'
import { trackInfoColumns } from '../../lib/model/lookup-tables.ts'
import { dataDictionary } from '../../lib/store/index.ts'
import { meaningOf } from '../../lib/store/schema/dictionary.ts'
import { relationNames, relations } from '../../lib/store/schema/relations.ts'

test('a column means what its declaration says, in the table that declares it', () => {
  expect(meaningOf('plays', 'unique_id')).toBe(playColumns.unique_id.meaning)
  expect(meaningOf('music_records', 'song_lastfm')).toBe(trackInfoColumns.song_lastfm.meaning)
  expect(meaningOf('data_checks', 'level')).toBe('warn or error')
  expect(meaningOf('id_events', 'level')).toBe('artist or song')
})

test('every column of every table has a meaning, and a column of your own has none', () => {
  const without = relationNames.flatMap((name) =>
    relations[name].columns.filter((column) => !meaningOf(name, column)).map((column) => `${name}.${column}`),
  )
  expect(without).toEqual([])
  expect(meaningOf('my_table', 'plays')).toBeNull()
})

test('a meaning is for a column that there is', () => {
  const source = readFileSync('lib/store/schema/dictionary.ts', 'utf8')
  const described = [...source.matchAll(/^ {2}(?:'(\w+)\.(\w+)'|(\w+)): '/gm)].map(
    ([, table, column, plain]) => [table, column ?? plain] as const,
  )
  const known = new Set(relationNames.flatMap((name) => [name, ...relations[name].columns]))
  expect(described.length).toBeGreaterThan(30)
  for (const [table, column] of described) {
    expect([column, known.has(column!)]).toEqual([column, true])
    if (table) expect(relations[table as keyof typeof relations].columns).toContain(column)
  }
})

test('docs/data-dictionary.md is current: if not, run node scripts/data-dictionary.ts', () => {
  expect(readFileSync('docs/data-dictionary.md', 'utf8')).toBe(dataDictionary())
})
