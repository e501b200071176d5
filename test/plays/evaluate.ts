import { type Column, type SparkSession, struct, to_json } from 'spark-connect-js'
import { testSpark } from '../support/spark.ts'

let session: Promise<SparkSession> | undefined

/** The session of a test file; `stopSpark` ends it. */
export function spark(): Promise<SparkSession> {
  session ??= testSpark()
  return session
}

export async function stopSpark(): Promise<void> {
  await (await session)?.stop()
  session = undefined
}

/** A rule of lib/plays: what it makes of a text. */
export type Rule = (text: Column<string>) => Column<unknown>

/** What a rule gives for each of the texts, in their order, as JSON. One query for all. */
export async function evaluate(rule: Rule, texts: readonly string[]): Promise<unknown[]> {
  const frame = await (await spark()).createDataFrame<{ i: number; x: string }>(
    texts.map((x, i) => ({ i, x })),
    'i int, x string',
  )
  const rows = await frame.select((c) => ({ i: c.i, r: to_json(struct({ r: rule(c.x) })) })).collect()
  const byPlace = new Map(rows.map((row) => [row.i, (JSON.parse(row.r) as { r?: unknown }).r ?? null]))
  return texts.map((_, i) => byPlace.get(i))
}

/** A table of cases of one rule; each is a test, all are one query. */
export interface Case {
  /** Where the case is from: the data, a bug, a standard. */
  readonly name: string
  readonly given: string
  readonly want: unknown
}
