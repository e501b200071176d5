import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { SparkSession } from 'spark-connect-js'
import { inParts } from '../../lib/plays/index.ts'
import { testSpark } from '../support/spark.ts'

let session: SparkSession
beforeAll(async () => {
  session = await testSpark()
}, 120_000)
afterAll(() => session?.stop())

const numbered = (count: number) =>
  session.range(count).selectExpr("concat('W', id) as unique_id").$castTo<{ unique_id: string }>()

test('few plays are one frame, the very one', () => {
  const plays = numbered(800)
  expect(inParts(plays, 800n)).toEqual([plays])
  expect(inParts(plays, 0n)).toEqual([plays])
})

test('many plays are parts of about the size, and each play is in one of them', async () => {
  const parts = inParts(numbered(1_000), 1_000n, 300)
  expect(parts).toHaveLength(4)
  const ids = await Promise.all(parts.map(async (part) => (await part.collect()).map((row) => row.unique_id)))
  for (const each of ids) expect(Math.abs(each.length - 250)).toBeLessThan(75)
  expect(new Set(ids.flat()).size).toBe(1_000)
  expect(ids.flat()).toHaveLength(1_000)
})
