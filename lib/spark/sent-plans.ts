import type { ClientEvent } from 'spark-connect-js'
import type { Logger } from '../log.ts'

/** Counts what a session sends Spark to execute: queries and commands, each with its plan and the rows in it. */
export class SentPlans {
  #queries = 0
  #bytes = 0

  readonly count = (event: ClientEvent): void => {
    if (event.kind !== 'request' || event.planBytes === undefined) return
    this.#queries++
    this.#bytes += event.planBytes
  }

  log(log: Logger): void {
    log.debug('plans sent to Spark', { queries: this.#queries, bytes: this.#bytes })
  }
}
