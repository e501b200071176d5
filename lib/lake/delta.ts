import { desc, SparkConnectError } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import { type LakeFormat, type LakeVersion, manifestFrame, manifestSchema } from './format.ts'

const slot = 'delta'
const nothingThere =
  /^(PATH_NOT_FOUND|DELTA_(PATH_DOES_NOT_EXIST|TABLE_NOT_FOUND|MISSING_DELTA_TABLE)|TABLE_OR_VIEW_NOT_FOUND)/

/**
 * Tables of Delta Lake in one folder, each replaced in one commit of its own. The versions stand in a table `manifest` beside them,
 * to which a run appends its row at the end. Older versions of the tables are there until somebody vacuums them.
 */
export const deltaTables: LakeFormat = {
  name: 'delta',
  slotOf: () => slot,

  async current(session, uri) {
    const rows = await session.read
      .format('delta')
      .load(`${uri}/${slot}/manifest`)
      .orderBy(desc('version'))
      .limit(1)
      .toJSON()
      .collect()
      .catch((error: unknown) => {
        if (!(error instanceof SparkConnectError) || error.errorClass === null) throw error
        if (nothingThere.test(error.errorClass)) return []
        if (error.errorClass !== 'DATA_SOURCE_NOT_FOUND') throw error
        throw new AppError('usage', 'this Spark has no Delta Lake', {
          place: '--lake-format delta',
          remedy:
            'start the server with the package io.delta:delta-spark_2.13 and its two settings (docs/lake.md), or leave out --lake-format',
          cause: error,
        })
      })
    return rows.map(({ value }) => JSON.parse(value) as LakeVersion)[0]
  },

  async begin(session, uri) {
    const nothing = await session.createDataFrame([], manifestSchema)
    await nothing.write.format('delta').mode('append').save(`${uri}/${slot}/manifest`)
  },

  async complete(session, uri, version) {
    const row = await manifestFrame(session, version)
    await row.write.format('delta').mode('append').save(`${uri}/${slot}/manifest`)
  },
}
