import { expect, test } from '@jest/globals'
import type { SparkSession } from 'spark-connect-js'
import { sessionSettings } from 'spark-connect-js/local'
import { overRows } from '../../lib/spark/index.ts'

/** As much of a session as knows settings. */
function sessionWith(settings: Readonly<Record<string, string>>) {
  const known: Record<string, string> = { ...settings }
  const conf = {
    get: async (name: string) => known[name] ?? null,
    set: async (more: Readonly<Record<string, string>>) => void Object.assign(known, more),
  }
  return { session: { conf } as unknown as SparkSession, known }
}

test.each([
  ['a small input, otherwise interpreted', 4_300_000],
  ['a large one, which is compiled anyway', 100_000_000],
])('a query over all rows is compiled, and the next ones run as those before: %s', async (_name, bytes) => {
  const { session, known } = sessionWith(sessionSettings(bytes))
  const before = { ...known }
  const during = await overRows(session, async () => ({ ...known }))
  expect(during['spark.sql.codegen.factoryMode'] ?? 'FALLBACK').toBe('FALLBACK')
  expect(during['spark.sql.subexpressionElimination.enabled'] ?? 'true').toBe('true')
  expect(known).toEqual(before)
})
