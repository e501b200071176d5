import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { functions, SparkConnectError, type SparkSession } from 'spark-connect-js'

/*
 * A lake has three slots, used in turn. A version is written into the slot after the one that is current, and counts only when
 * the row of its manifest is there, which is written last: the current version is the one with the highest number. So nothing has
 * to be deleted or renamed, which Spark offers to nobody over Spark Connect, and it is the same on every file system.
 */

/** How many versions there are room for: the current one, and those of the two runs before it. */
export const slotCount = 3

/** One version, as the manifest of its slot has it. */
export interface LakeVersion {
  /** Counts from 1. */
  readonly version: number
  /** The folder that holds its tables. */
  readonly slot: string
  /** The run that published what it holds, and how many runs had published until then. */
  readonly run_id: string
  readonly publishes: number
  readonly database: string
  /** ISO 8601, UTC. */
  readonly written_at: string
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
}

const manifestSchema =
  'version bigint, slot string, run_id string, publishes bigint, database string, written_at string, tables array<struct<name: string, rows: bigint>>'

/** The slot of a version. A version that a run did not finish has no number: the next one takes its place, slot included. */
export const slotOf = (version: number): string => `slot-${((version - 1) % slotCount) + 1}`

const slots = Array.from({ length: slotCount }, (_, i) => slotOf(i + 1))

/** The current version of a lake in a folder of this machine, read without Spark; undefined if there is none. */
export function currentInFolder(folder: string): LakeVersion | undefined {
  const lines = slots.flatMap((slot) => {
    const manifest = join(folder, slot, 'manifest')
    if (!existsSync(manifest)) return []
    const parts = readdirSync(manifest).filter((name) => /^part-.*\.json$/.test(name))
    return parts.flatMap((name) => readFileSync(join(manifest, name), 'utf8').split('\n'))
  })
  return newest(lines)
}

/** The same, read by Spark. *Errors:* those of Spark, unless there is nothing at the address. */
export async function currentOnServer(session: SparkSession, uri: string): Promise<LakeVersion | undefined> {
  const rows = await session.read
    .text(`${uri}/slot-*/manifest`)
    .collect()
    .catch((error: unknown) => {
      if (error instanceof SparkConnectError && error.errorClass === 'PATH_NOT_FOUND') return []
      throw error
    })
  return newest(rows.map(({ value }) => value as string))
}

function newest(lines: readonly string[]): LakeVersion | undefined {
  const versions = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as LakeVersion)
  return versions.sort((a, b) => b.version - a.version)[0]
}

/** Takes the manifest out of a slot: what it holds is not a version any more. */
export async function clearManifest(session: SparkSession, uri: string, slot: string): Promise<void> {
  const nothing = await session.createDataFrame([], manifestSchema)
  await nothing.write.mode('overwrite').json(`${uri}/${slot}/manifest`)
}

/** Makes a version the current one: one file, which the file system shows whole or not at all. */
export async function writeManifest(session: SparkSession, uri: string, version: LakeVersion): Promise<void> {
  const row = { ...version, version: BigInt(version.version), publishes: BigInt(version.publishes) }
  const tables = version.tables.map(({ name, rows }) => ({ name, rows: BigInt(rows) }))
  const frame = await session.createDataFrame([{ ...row, tables }], manifestSchema)
  const { col } = functions
  await frame.repartition(1, col('slot')).write.mode('overwrite').json(`${uri}/${version.slot}/manifest`)
}
