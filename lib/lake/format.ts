import type { SparkSession, UntypedFrame } from 'spark-connect-js'

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

/** How versions of a lake are kept. */
export interface LakeFormat {
  /** As Spark names the format of the tables. */
  readonly name: 'parquet' | 'delta'
  /** The folder of a version. A version that a run did not finish has no number: the next one takes its place, folder included. */
  slotOf(version: number): string
  /** The current version; undefined where there is none. *Errors:* those of Spark. */
  current(session: SparkSession, uri: string): Promise<LakeVersion | undefined>
  /** Makes the folder ready for a version. Also proves that the address can be written. */
  begin(session: SparkSession, uri: string, slot: string): Promise<void>
  /** Makes a version the current one, at once. */
  complete(session: SparkSession, uri: string, version: LakeVersion): Promise<void>
}

/** The columns of a manifest. */
export const manifestSchema =
  'version bigint, slot string, run_id string, publishes bigint, database string, written_at string, tables array<struct<name: string, rows: bigint>>'

/** A version as the row of a manifest. */
export async function manifestFrame(session: SparkSession, version: LakeVersion): Promise<UntypedFrame> {
  const tables = version.tables.map(({ name, rows }) => ({ name, rows: BigInt(rows) }))
  const row = { ...version, version: BigInt(version.version), publishes: BigInt(version.publishes), tables }
  return await session.createDataFrame([row], manifestSchema)
}
