import { type DataFrame, left, row_number, sha2, struct, to_json, Window } from 'spark-connect-js'
import type { QuarantinedPlay } from '../schema.ts'
import type { MarkedPlay } from './marked-play.ts'

/** Gives refused lines an id that is the same in every run: equal lines without a place are told apart by a number. */
export function identifyRefused(lines: DataFrame<MarkedPlay>): DataFrame<QuarantinedPlay> {
  return lines
    .withColumn('occurrence', (c) =>
      row_number().over(
        Window.partitionBy(c.source_file, c.source_line, c.line, c.reason).orderBy(c.unique_id.asc_nulls_last()),
      ),
    )
    .select((c) => {
      const { source_file, source_line, line, reason, occurrence } = c
      const content = to_json(struct({ source_file, source_line, line, reason, occurrence }))
      return {
        quarantine_id: left(sha2(content, 256), 32),
        reason: reason.$notNull(),
        line,
        source_file,
        source_line,
      }
    })
}
