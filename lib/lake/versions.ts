import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { functions, SparkConnectError } from 'spark-connect-js'
import { type LakeFormat, type LakeVersion, manifestFrame, manifestSchema } from './format.ts'

/*
 * A lake has three slots, used in turn. A version is written into the slot after the one that is current, and counts only when
 * the row of its manifest is there, which is written last: the current version is the one with the highest number. So nothing has
 * to be deleted or renamed, which Spark offers to nobody over Spark Connect, and it is the same on every file system.
 */

/** How many versions there are room for: the current one, and those of the two runs before it. */
export const slotCount = 3

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

/** Parquet in slots: what every Spark can write. */
export const parquetInSlots: LakeFormat = {
  name: 'parquet',
  slotOf,

  async current(session, uri) {
    const rows = await session.read
      .text(`${uri}/slot-*/manifest`)
      .collect()
      .catch((error: unknown) => {
        if (error instanceof SparkConnectError && error.errorClass === 'PATH_NOT_FOUND') return []
        throw error
      })
    return newest(rows.map(({ value }) => value as string))
  },

  async begin(session, uri, slot) {
    const nothing = await session.createDataFrame([], manifestSchema)
    await nothing.write.mode('overwrite').json(`${uri}/${slot}/manifest`)
  },

  // One file, which the file system shows whole or not at all.
  async complete(session, uri, version) {
    const frame = await manifestFrame(session, version)
    const { col } = functions
    await frame.repartition(1, col('slot')).write.mode('overwrite').json(`${uri}/${version.slot}/manifest`)
  },
}

function newest(lines: readonly string[]): LakeVersion | undefined {
  const versions = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as LakeVersion)
  return versions.sort((a, b) => b.version - a.version)[0]
}
