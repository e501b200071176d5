import type { DataFrame } from 'spark-connect-js'
import type { Stage } from '../model/stage.ts'
import { inParts } from '../plays/index.ts'
import { type ExecutorDatabase, type SparkServer, writeTable } from '../spark/index.ts'
import { type ColumnBatch, type Load, type LoadTable, loadTables } from '../store/index.ts'
import { ahead } from './ahead.ts'

/** The frames of some tables by name; plays and `song_names` as they are staged. */
// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
export type TableFrames = Partial<Readonly<Record<LoadTable, DataFrame<any>>>>

/** How the tables of a load are filled. */
export interface LoadOptions {
  readonly server: SparkServer
  /** Executors write to this by themselves; without it the rows come by way of this process. */
  readonly executors?: ExecutorDatabase | undefined
  readonly signal: AbortSignal
  /** How many plays there are. */
  readonly plays: bigint
  /** How many are asked for at once, about. Default: that of `inParts`. */
  readonly playsAtOnce?: number
}

// Where a database takes one table after the other, the plays are the last: all are asked for at once, and a server gives up
// answers that wait for minutes while others are written.
const inOrder = [...loadTables.filter((name) => name !== 'plays'), 'plays'] as const

/** One load, and the tables on their way to its staging; where one fails, the others are broken off. */
export class Filling {
  readonly load: Load
  readonly #options: LoadOptions
  readonly #failed = new AbortController()
  #writes: Promise<void>[] = []
  #waiting: TableFrames = {}
  #onRows: (rows: number) => void = () => {}
  #rows = 0

  constructor(load: Load, options: LoadOptions) {
    this.load = load
    this.#options = options
  }

  /** Asks for these and stages them as they come. *Errors:* come with `finish`. */
  add(frames: TableFrames): void {
    if (this.#options.executors === undefined) this.#write(frames)
    // Once the names are resolved: until then the writing would take the executors from that.
    else this.#waiting = { ...this.#waiting, ...frames }
  }

  /** Stages the rest; ends when all is staged. *Errors:* those of Spark and of the store, the first one. */
  async finish(rest: TableFrames, stage: Stage): Promise<void> {
    const { server, executors, signal } = this.#options
    if (executors !== undefined) {
      for (const [name, frame] of Object.entries({ ...this.#waiting, ...rest })) {
        const rows = await this.load.writeByOthers(name as LoadTable, (target) =>
          writeTable(server.session, frame, executors, target, { signal }),
        )
        stage.more(rows)
      }
      return
    }
    stage.more(this.#rows)
    this.#onRows = stage.more
    // No answer waits for minutes while the first ones are written.
    await this.#written()
    this.#write(rest)
    await this.#written()
  }

  /** Breaks off what is on its way and drops the staging; with an error, the run is kept as failed. */
  async stop(error?: unknown): Promise<void> {
    this.#failed.abort(error)
    await Promise.all(this.#writes)
    await this.load.abandon(error)
  }

  #write(frames: TableFrames): void {
    const signal = AbortSignal.any([this.#options.signal, this.#failed.signal])
    const asked = inOrder.flatMap((name) => {
      const frame = frames[name]
      if (frame === undefined) return []
      const parts = name === 'plays' ? inParts(frame, this.#options.plays, this.#options.playsAtOnce) : [frame]
      return [[name, ahead(oneAfterTheOther(parts, signal))] as const]
    })
    for (const [name, batches] of asked) {
      const written = this.load.write(name, this.#counted(batches))
      this.#writes.push(
        written.then(
          () => {},
          (error: unknown) => this.#failed.abort(error),
        ),
      )
    }
  }

  async #written(): Promise<void> {
    await Promise.all(this.#writes)
    this.#failed.signal.throwIfAborted()
  }

  /** The same batches; the rows of each are counted when the next one is asked for. */
  async *#counted<T extends { readonly numRows: number }>(batches: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const batch of batches) {
      yield batch
      this.#rows += batch.numRows
      this.#onRows(batch.numRows)
    }
  }
}

async function* oneAfterTheOther(
  frames: readonly DataFrame<unknown>[],
  signal: AbortSignal,
): AsyncGenerator<ColumnBatch> {
  for (const frame of frames) yield* frame.batches({ signal })
}
