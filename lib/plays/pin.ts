import type { DataFrame } from 'spark-connect-js'

/**
 * The frame, computed now, once, and kept on the server, with a plan that is a name instead of all that led to it.
 *
 * Each stage is pinned: a plan that grows from stage to stage is analysed again and again, and a query that uses a stage twice
 * would compute it twice. Not with the first query instead (`eager: false`): until that one ends, Spark sends every task of
 * every stage the way back to the input, which took a quarter of the time of 37,673 plays. *Cost:* memory of the server, on
 * its disk beyond that; freed with the session.
 */
export function pin<R>(frame: DataFrame<R>): Promise<DataFrame<R>> {
  return frame.localCheckpoint()
}
