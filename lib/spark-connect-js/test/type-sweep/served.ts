import * as F from '../../src/index.ts'
import { type Column, type DataFrame, type DataType, type SparkSession, Window } from '../../src/index.ts'
import type { Call, Context } from './calls.ts'
import { columnNames, rowExpressions } from './columns.ts'

/** What the server makes of a call: the type of the column and its values, or why it refuses. */
export type Served = { readonly type: DataType; readonly values: readonly unknown[] } | { readonly refused: string }

const batchSize = 48

/** TIME is a preview in Spark 4.2; the rest makes thousands of different queries of three rows quick. */
const settings = {
  'spark.sql.timeType.enabled': 'true',
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.adaptive.enabled': 'false',
  'spark.sql.shuffle.partitions': '1',
}

/** The columns of the frame as the calls name them: `c.long`. */
const columns = Object.fromEntries(['key', ...columnNames].map((name) => [name, F.col(name)]))

const overKey = Window.partitionBy('key')

const columnOf = ({ text, context }: Call): Column<unknown> => {
  const column = new Function('F', 'c', `return ${text}`)(F, columns) as Column<unknown>
  return context === 'window'
    ? column.over(
        /\b(lag|lead|rank|ntile|cume_dist|percent_rank|dense_rank|row_number|nth_value)\(/.test(text)
          ? overKey.orderBy('long')
          : overKey,
      )
    : column
}

/** The rows that a context computes: of groups and windows each has rows, of all rows there may be none. */
const framesOf = (
  frame: DataFrame<Record<string, unknown>>,
  context: Context,
  named: Record<string, Column<unknown>>,
) => {
  switch (context) {
    case 'select':
    case 'window':
      return [frame.select(named)]
    case 'group':
      return [frame.groupBy('key').agg(named)]
    case 'all':
      return [frame.agg(named), frame.filter('id < 0').agg(named)]
  }
}

/** The type of one column, or why the server refuses it. */
const typeOf = async (frame: DataFrame<Record<string, unknown>>, call: Call): Promise<DataType | string> => {
  try {
    const [first] = framesOf(frame, call.context, namedColumns([call]))
    return (await first!.schema()).field('x0')!.dataType
  } catch (error) {
    return (error as Error).message
  }
}

/** So many at a time, in order. */
const inParallel = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = new Array(items.length)
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item)
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  return results
}

/** The values of many columns at once; where a query fails (an overflow, a cast), of half of them, and so on. */
const valuesOf = async (
  frame: DataFrame<Record<string, unknown>>,
  calls: readonly Call[],
): Promise<(unknown[] | string)[]> => {
  if (calls.length === 0) return []
  try {
    const frames = framesOf(frame, calls[0]!.context, namedColumns(calls))
    const rows = (await Promise.all(frames.map((each) => each.collect()))).flat()
    return calls.map((_, i) => rows.map((row) => row[`x${i}`]))
  } catch (error) {
    if (calls.length === 1) return [(error as Error).message]
    const half = calls.length >> 1
    return [...(await valuesOf(frame, calls.slice(0, half))), ...(await valuesOf(frame, calls.slice(half)))]
  }
}

const namedColumns = (calls: readonly Call[]): Record<string, Column<unknown>> =>
  Object.fromEntries(calls.map((call, i) => [`x${i}`, columnOf(call)]))

/** What the server makes of each call, in their order. */
export const servedTypes = async (spark: SparkSession, calls: readonly Call[]): Promise<Served[]> => {
  for (const [name, value] of Object.entries(settings)) await spark.conf.set(name, value)
  const frame = spark
    .range(3)
    .selectExpr('id', ...rowExpressions)
    .$castTo<Record<string, unknown>>()
  const types = await inParallel(calls, (call) => typeOf(frame, call))
  const answers = new Map<Call, Served>()
  for (const batch of batchesOf(calls.filter((_, i) => typeof types[i] !== 'string'))) {
    const values = await valuesOf(frame, batch)
    for (const [i, found] of values.entries()) {
      const type = types[calls.indexOf(batch[i]!)] as DataType
      answers.set(batch[i]!, typeof found === 'string' ? { refused: found } : { type, values: found })
    }
  }
  return calls.map((call, i) => answers.get(call) ?? { refused: String(types[i]) })
}

/** Calls of one context each; a query has one generator at most. */
const batchesOf = (calls: readonly Call[]): Call[][] => {
  const batches = new Map<string, Call[]>()
  for (const [i, call] of calls.entries()) {
    const together = [...batches.entries()].find(
      ([key, batch]) => key.startsWith(call.context) && batch.length < batchSize,
    )
    if (/F\.explode/.test(call.text)) batches.set(`alone ${i}`, [call])
    else if (together) together[1].push(call)
    else batches.set(`${call.context} ${i}`, [call])
  }
  return [...batches.values()]
}
