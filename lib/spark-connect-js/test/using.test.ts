import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ColumnNode } from '../src/column/node.ts'
import { type Column, col, concat, fieldsOf, lit, lower, type SparkSession, types, using, when } from '../src/index.ts'
import { testSpark } from './support/spark.ts'

let spark: SparkSession
beforeAll(async () => {
  spark = await testSpark()
}, 120_000)
afterAll(() => spark?.stop())

const sizeOf = (column: Column<unknown>): number =>
  JSON.stringify((column as unknown as ColumnNode).expression, (_, each) =>
    typeof each === 'bigint' ? String(each) : each,
  ).length

describe('using', () => {
  const doubled = (text: Column<string>): Column<string> => concat(text, text)
  const named = (text: Column<string>): Column<string> => using(text, doubled)

  test('a chain of steps grows with its length, where repeating doubles with each step', () => {
    const chain = (step: typeof named, steps: number) =>
      sizeOf(Array.from({ length: steps }).reduce<Column<string>>(step, col<string>('x')))
    expect(chain(named, 12)).toBeLessThan(12 * chain(named, 1))
    expect(chain(doubled, 12)).toBeGreaterThan(1000 * sizeOf(col('x')))
  })

  test('gives what the body gives for the value, null for null', async () => {
    const frame = await spark.createDataFrame([{ x: 'A' }, { x: null }], types.struct({ x: types.string }))
    const rows = await frame
      .select((c) => ({
        plain: using(lower(c.x), (small) => when(small.isNull(), 'none').otherwise(concat(small, small))),
        nested: using(c.x, (outer) => using(lower(outer), (inner) => concat(outer, lit('-'), inner))),
      }))
      .collect()
    expect(rows).toEqual([
      { plain: 'aa', nested: 'A-a' },
      { plain: 'none', nested: null },
    ])
  })
})

describe('fieldsOf', () => {
  const place = types.struct({ city: types.string.notNull(), year: types.integer })

  test('the fields of a struct, of a null one nulls', async () => {
    const schema = types.struct({ place })
    const frame = await spark.createDataFrame([{ place: { city: 'Oslo', year: 1 } }, { place: null }], schema)
    expect(await frame.select((c) => ({ city: fieldsOf(c.place).city })).collect()).toEqual([
      { city: 'Oslo' },
      { city: null },
    ])
  })

  test('cannot be spread, which would give no fields', () => {
    expect(() => ({ ...fieldsOf(col<{ a: number }>('x')) })).toThrow(/cannot be listed or spread/)
  })
})

describe('inline', () => {
  test('one row for each struct, its fields in the place of the array', async () => {
    const plays = types.array(types.struct({ song: types.string, n: types.integer }))
    const frame = await spark.createDataFrame(
      [
        {
          artist: 'A',
          plays: [
            { song: 'x', n: 1 },
            { song: 'y', n: 2 },
          ],
        },
        { artist: 'B', plays: [] },
        { artist: 'C', plays: null },
      ],
      types.struct({ artist: types.string, plays }),
    )
    expect(await frame.inline('plays').collect()).toEqual([
      { artist: 'A', song: 'x', n: 1 },
      { artist: 'A', song: 'y', n: 2 },
    ])
  })

  test('the array is found by its exact name', async () => {
    const schema = types.struct({ 'a.b': types.array(types.struct({ n: types.integer })) })
    const frame = await spark.createDataFrame([{ 'a.b': [{ n: 7 }] }], schema)
    expect(await frame.inline('a.b').collect()).toEqual([{ n: 7 }])
  })
})
