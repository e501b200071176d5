import { createHash } from 'node:crypto'
import { create, toBinary } from '@bufbuild/protobuf'
import { compareVersions, SparkConnectError } from '../client/index.ts'
import type { CallOptions, Executor } from '../core/executor.ts'
import { LocalRelationSchema, type Relation } from '../gen/spark/connect/relations_pb.ts'
import { localRelation, relation } from '../plan/relation.ts'

/** Settings of the session that say how rows travel to the server. */
export interface LocalDataLimits {
  /** Larger data goes up as an artifact instead of inside the plan. */
  readonly cacheThresholdBytes: number
  readonly chunkRows: number
  readonly chunkBytes: number
  /** The server refuses a larger chunk. */
  readonly maxChunkBytes: number
  /** The server refuses more in total. */
  readonly maxTotalBytes: number
}

/** The settings' names, in the order in which {@link limitsOf} takes their values. */
export const limitKeys = [
  'spark.sql.session.localRelationCacheThreshold',
  'spark.sql.session.localRelationChunkSizeRows',
  'spark.sql.session.localRelationChunkSizeBytes',
  'spark.sql.session.localRelationChunkSizeLimit',
  'spark.sql.session.localRelationSizeLimit',
] as const

/** The limits from the settings' values; what a server does not know has the default of Spark 4.2. */
export function limitsOf(values: readonly (string | null | undefined)[]): LocalDataLimits {
  const [threshold, rows, bytes, maxChunk, maxTotal] = values
  return {
    cacheThresholdBytes: bytesOf(threshold, 1024 * 1024),
    chunkRows: Math.max(1, bytesOf(rows, 10_000)),
    chunkBytes: bytesOf(bytes, 16 * 1024 * 1024),
    maxChunkBytes: bytesOf(maxChunk, 2000 * 1024 * 1024),
    maxTotalBytes: bytesOf(maxTotal, 3 * 1024 * 1024 * 1024),
  }
}

/** How rows become Arrow: a stream of its own (schema, one batch, end). */
export interface LocalDataFormat<T> {
  /** The schema as Spark's JSON or DDL, which the server casts the Arrow columns to. */
  readonly schema: string
  encode(rows: readonly T[]): Uint8Array
}

// Uploads of so many bytes are one request, so that small chunks do not wait for an answer each.
const uploadBytes = 16 * 1024 * 1024

/**
 * A relation of the given rows, uploaded where they are too many to travel inside every plan that uses them.
 *
 * Small data is a LocalRelation. Larger data goes up once as `cache/…` artifacts named by their SHA-256: since Spark
 * 4.1 in chunks, before as one. The server keeps artifacts until the session ends.
 *
 * *Memory:* one chunk of rows and one upload since Spark 4.1, however many rows there are; before, all of them.
 * *Errors:* SparkConnectError, also for more data than the server takes; what encoding throws.
 */
export async function localDataRelation<T>(
  executor: Executor,
  rows: Iterable<T> | AsyncIterable<T>,
  format: LocalDataFormat<T>,
  limits: LocalDataLimits,
  options: CallOptions = {},
): Promise<(planId: bigint) => Relation> {
  const chunks = chunksOf(rows, format, limits, options.signal)
  const first = await chunks.next()
  if (first.done) return (planId) => localRelation(planId, format.schema, format.encode([]))
  if (first.value.isLast && first.value.data.length <= limits.cacheThresholdBytes) {
    const { data } = first.value
    return (planId) => localRelation(planId, format.schema, data)
  }
  const version = await executor.sparkVersion(options)
  return compareVersions(version, '4.1') >= 0
    ? await uploadChunks(executor, chunksFrom(first.value, chunks), format.schema, limits, options)
    : await uploadWhole(executor, rowsAgain(first.value, chunks), format, limits, options)
}

interface Chunk<T> {
  readonly rows: readonly T[]
  readonly data: Uint8Array
  readonly isLast: boolean
}

/** Rows by the chunk: at most `chunkRows` of them, fewer where those come to much more than `chunkBytes`. */
async function* chunksOf<T>(
  rows: Iterable<T> | AsyncIterable<T>,
  format: LocalDataFormat<T>,
  limits: LocalDataLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<Chunk<T>, void, undefined> {
  let targetRows = limits.chunkRows
  let ready: T[] | undefined
  let pending: T[] = []
  const encode = function* (part: readonly T[], isLast: boolean): Generator<Chunk<T>, void, undefined> {
    const data = format.encode(part)
    if (data.length > Math.max(limits.chunkBytes, 1024) && part.length > 1) {
      // Rows are larger than expected: halves, and smaller chunks from here on.
      targetRows = Math.max(1, Math.floor((part.length * limits.chunkBytes) / data.length))
      const half = part.length >> 1
      yield* encode(part.slice(0, half), false)
      yield* encode(part.slice(half), isLast)
      return
    }
    if (data.length > limits.maxChunkBytes) {
      throw tooLarge(`one row makes ${data.length} bytes`, 'localRelationChunkSizeLimit', limits.maxChunkBytes)
    }
    yield { rows: part, data, isLast }
  }
  // Every 64th row is weighed, so that rows of a megabyte do not fill the memory before the first is encoded.
  const sample = { bytes: 0, rows: 0 }
  const isFull = (): boolean => {
    const last = pending.length - 1
    if (last >= 0 && last % 64 === 0) {
      sample.bytes += weigh(pending[last])
      sample.rows += 1
    }
    return pending.length >= targetRows || (sample.bytes / sample.rows) * pending.length >= limits.chunkBytes
  }
  const turnOver = function* (): Generator<Chunk<T>, void, undefined> {
    signal?.throwIfAborted()
    if (ready) yield* encode(ready, false)
    ready = pending
    pending = []
  }
  // Twice the same loop: `for await` over an array costs a promise for every row.
  if (Symbol.asyncIterator in rows) {
    for await (const row of rows) {
      if (isFull()) yield* turnOver()
      pending.push(row)
    }
  } else {
    for (const row of rows) {
      if (isFull()) yield* turnOver()
      pending.push(row)
    }
  }
  if (ready) yield* encode(ready, pending.length === 0)
  if (pending.length > 0) yield* encode(pending, true)
}

/** Roughly the bytes of a row: its texts and binaries. */
function weigh(value: unknown, depth = 0): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  if (value === null || typeof value !== 'object' || depth > 3) return 8
  let bytes = 0
  for (const item of Object.values(value)) bytes += weigh(item, depth + 1)
  return bytes
}

async function* chunksFrom<T>(first: Chunk<T>, rest: AsyncIterable<Chunk<T>>): AsyncGenerator<Chunk<T>> {
  yield first
  yield* rest
}

async function rowsAgain<T>(first: Chunk<T>, rest: AsyncIterable<Chunk<T>>): Promise<T[]> {
  const all = [...first.rows]
  for await (const { rows } of rest) for (const row of rows) all.push(row)
  return all
}

async function uploadChunks<T>(
  executor: Executor,
  chunks: AsyncIterable<Chunk<T>>,
  schema: string,
  limits: LocalDataLimits,
  options: CallOptions,
): Promise<(planId: bigint) => Relation> {
  const schemaBytes = new TextEncoder().encode(schema)
  const schemaHash = sha256(schemaBytes)
  const dataHashes: string[] = []
  let waiting: { name: string; source: Uint8Array }[] = [{ name: `cache/${schemaHash}`, source: schemaBytes }]
  let waitingBytes = schemaBytes.length
  let totalBytes = schemaBytes.length
  // One upload runs while the next chunks are encoded.
  let underWay: Promise<void> = Promise.resolve()
  const send = async (): Promise<void> => {
    const artifacts = waiting
    waiting = []
    waitingBytes = 0
    await underWay
    underWay = executor.addArtifacts(artifacts, options)
    underWay.catch(() => {}) // told at the next await
  }
  for await (const { data } of chunks) {
    totalBytes += data.length
    if (totalBytes > limits.maxTotalBytes) {
      throw tooLarge(`the rows make more than ${totalBytes} bytes`, 'localRelationSizeLimit', limits.maxTotalBytes)
    }
    const hash = sha256(data)
    dataHashes.push(hash)
    waiting.push({ name: `cache/${hash}`, source: data })
    waitingBytes += data.length
    if (waitingBytes >= uploadBytes) await send()
  }
  if (waiting.length > 0) await send()
  await underWay
  return (planId) => relation(planId, { case: 'chunkedCachedLocalRelation', value: { dataHashes, schemaHash } })
}

async function uploadWhole<T>(
  executor: Executor,
  rows: Promise<T[]>,
  format: LocalDataFormat<T>,
  limits: LocalDataLimits,
  options: CallOptions,
): Promise<(planId: bigint) => Relation> {
  const data = format.encode(await rows)
  if (data.length > limits.maxChunkBytes) {
    throw tooLarge(`the rows make ${data.length} bytes; before Spark 4.1 they go as one`, null, limits.maxChunkBytes)
  }
  const bytes = toBinary(LocalRelationSchema, create(LocalRelationSchema, { data, schema: format.schema }))
  const hash = sha256(bytes)
  await executor.addArtifacts([{ name: `cache/${hash}`, source: bytes }], options)
  return (planId) => relation(planId, { case: 'cachedLocalRelation', value: { hash } })
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function tooLarge(what: string, key: string | null, limit: number): SparkConnectError {
  const setting = key === null ? '' : ` (spark.sql.session.${key})`
  return new SparkConnectError(
    `${what}; the server takes ${limit}${setting}. Write the data to files that the server reads, or split it`,
    { code: 'RESOURCE_EXHAUSTED' },
  )
}

/** "2097152000b" and "16m" as bytes; the fallback for what is absent. */
function bytesOf(value: string | null | undefined, fallback: number): number {
  const match = /^(\d+)\s*([kmgt]?)b?$/i.exec(value ?? '')
  if (!match) return fallback
  return Number(match[1]) * 1024 ** ' kmgt'.indexOf(match[2]!.toLowerCase() || ' ')
}
