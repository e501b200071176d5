import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DataFrame, functions, type SparkSession } from 'spark-connect-js'

/** One line of text. */
export type TextLine = { value: string }

/** How lines get to the server. */
export interface ReadLinesOptions {
  /** A private folder that the server reads too; null where it sees none of this machine's files. */
  readonly scratch: string | null
  readonly signal?: AbortSignal | undefined
}

// One row of an upload. The server cuts it into lines by itself: that costs the client nothing for a line, and rows of this
// size spread over the server's cores.
const uploadRowBytes = 1 << 20

let folders = 0

/**
 * Lines of this machine as a frame of the server: by way of a folder that both see, else uploaded.
 *
 * *Rows:* one per line that ends in LF; slices must end at a line end and hold UTF-8. *Cost:* a slice is written, or sent and
 * kept on the server, before the next one is asked for, so that one slice is in memory here. (As one local relation, a million
 * lines took 17 s and 3.1 GB on the server; ten million ran it out of memory.)
 */
export async function readLines(
  spark: SparkSession,
  slices: AsyncIterable<Uint8Array>,
  options: ReadLinesOptions,
): Promise<DataFrame<TextLine>> {
  if (options.scratch === null) return await uploadLines(spark, slices, options.signal)
  const folder = join(options.scratch, `lines-${++folders}`)
  await mkdir(folder, { recursive: true })
  let files = 0
  for await (const slice of slices) {
    const name = `${String(++files).padStart(6, '0')}.txt`
    await writeFile(join(folder, name), slice, options.signal ? { signal: options.signal } : {})
  }
  return spark.read.option('lineSep', '\n').text(folder)
}

async function uploadLines(
  spark: SparkSession,
  slices: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<DataFrame<TextLine>> {
  const { col, explode, split } = functions
  const kept: DataFrame<TextLine>[] = []
  let last: DataFrame<TextLine> | undefined
  for await (const slice of slices) {
    signal?.throwIfAborted()
    // Checkpointed: the server keeps the lines, and forgets the plan that holds the slice. An only slice stays in its plan,
    // which saves a small log a query.
    if (last) kept.push(await last.localCheckpoint())
    const rows = await spark.createDataFrame(uploadRows(slice), 'value binary')
    last = rows.select(() => ({ value: explode(split(col<Uint8Array>('value').cast('string'), '\n')) }))
  }
  if (last === undefined) return (await spark.createDataFrame([], 'value string')).$castTo<TextLine>()
  if (kept.length === 0) return last
  return [...kept, await last.localCheckpoint()].reduce((all, part) => all.union(part))
}

/** Parts of the slice that end at a line end. As bytes: as strings they would be decoded and encoded again, in twice the memory. */
function uploadRows(slice: Uint8Array): { value: Uint8Array }[] {
  const buffer = Buffer.from(slice.buffer, slice.byteOffset, slice.byteLength)
  const rows: { value: Uint8Array }[] = []
  for (let start = 0; start < buffer.length; ) {
    let end = buffer.indexOf(10, Math.min(start + uploadRowBytes, buffer.length - 1))
    if (end < 0) end = buffer.length
    rows.push({ value: buffer.subarray(start, end) })
    start = end + 1
  }
  return rows
}
