import { readArrow } from '../arrow/arrow-input.ts'
import { encodeRows } from '../arrow/encode.ts'
import { wireSchema } from '../arrow/wire-type.ts'
import type { CallOptions, Executor } from '../core/executor.ts'
import type { DataFrame } from '../dataframe/dataframe.ts'
import { newFrame } from '../dataframe/frame.ts'
import { castRelation } from '../plan/cast-relation.ts'
import { showingCaller } from '../trace/error-stack.ts'
import { describeValue, parseColumns, StructField, StructType } from '../types/index.ts'
import type { LocalRow } from '../types/row-input.ts'
import type { RuntimeConfig } from './conf.ts'
import { inferSchema } from './infer.ts'
import { limitKeys, limitsOf, localDataRelation } from './local-data.ts'

/** Rows of this program: at hand, or as they come. */
export type LocalRows = Iterable<LocalRow> | AsyncIterable<LocalRow>

interface Session {
  readonly executor: Executor
  readonly conf: RuntimeConfig
}

/** The frame of rows or of Arrow data, see `SparkSession.createDataFrame`. */
export async function createFrame<R>(
  session: Session,
  data: unknown,
  schema: unknown,
  options: CallOptions,
): Promise<DataFrame<R>> {
  return await showingCaller(() => frameOfRows<R>(session, data, schema, options))
}

async function frameOfRows<R>(
  { executor, conf }: Session,
  data: unknown,
  schema: unknown,
  options: CallOptions,
): Promise<DataFrame<R>> {
  const { rows, type } = await localTable(data, schema)
  const sent = wireSchema(type)
  const keys = [...limitKeys, 'spark.sql.session.timeZone', 'spark.sql.execution.arrow.useLargeVarTypes']
  const values = await conf.getMany(keys, options)
  const limits = limitsOf(values.slice(0, limitKeys.length))
  const [timeZone, largeVarTypes] = values.slice(limitKeys.length)
  const format = {
    schema: JSON.stringify(sent.json()),
    encode: (part: readonly LocalRow[]) =>
      encodeRows(part, sent, { timeZone: timeZone ?? 'UTC', useLargeVarTypes: largeVarTypes === 'true' }),
  }
  const make = await localDataRelation(executor, rows, format, limits, options)
  if (sent === type) return newFrame<R>(executor, make)
  const input = make(executor.nextPlanId())
  return newFrame<R>(executor, (planId) => castRelation(planId, input, sent, type))
}

interface LocalTable {
  readonly rows: LocalRows
  readonly type: StructType
}

/** Rows and their schema, which is given, inferred, or Arrow's. */
async function localTable(data: unknown, schema: unknown): Promise<LocalTable> {
  if (data instanceof Uint8Array) return arrowTable(data, schema)
  if (!isRows(data)) {
    const hint = isArrowTable(data) ? '; of an Arrow table give the bytes: createDataFrame(tableToIPC(table))' : ''
    throw new TypeError(`createDataFrame takes an array (or any iterable) of rows, not ${describeValue(data)}${hint}`)
  }
  if (typeof schema === 'string') return { rows: data, type: parseColumns(schema) }
  if (schema instanceof StructType) return { rows: data, type: schema }
  if (schema !== undefined && !isNames(schema)) {
    throw new TypeError(
      `createDataFrame needs a schema, not ${describeValue(schema)}: 'artist string, plays bigint', ` +
        "types.struct({ artist: types.string, plays: types.long }), names (['artist', 'plays']), or nothing",
    )
  }
  const rows: LocalRow[] = []
  for await (const row of data) rows.push(row)
  return { rows, type: inferSchema(rows, schema) }
}

const isRows = (data: unknown): data is LocalRows =>
  typeof data === 'object' &&
  data !== null &&
  !isArrowTable(data) &&
  (Symbol.iterator in data || Symbol.asyncIterator in data)

const isNames = (schema: unknown): schema is readonly string[] =>
  Array.isArray(schema) && schema.length > 0 && schema.every((name) => typeof name === 'string')

/** A table of the package apache-arrow, told by what it has. */
const isArrowTable = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'batches' in data && 'schema' in data

/** The rows of Arrow IPC bytes. Values are checked as those of rows are. */
function arrowTable(bytes: Uint8Array, schema: unknown): LocalTable {
  const { rows, type } = readArrow(bytes)
  if (schema === undefined) return { rows, type }
  if (!isNames(schema)) {
    throw new TypeError(
      'createDataFrame: Arrow data has a schema of its own; give names at most, and cast by frame.to(schema)',
    )
  }
  if (schema.length !== type.fields.length) {
    throw new TypeError(`createDataFrame: ${schema.length} names for ${type.fields.length} columns of Arrow data`)
  }
  const fields = type.fields.map(({ dataType, nullable }, i) => new StructField(schema[i]!, dataType, nullable))
  return { rows, type: new StructType(fields) }
}
