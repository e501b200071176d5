import type { ExecuteOptions } from '../core/executor.ts'
import type { UntypedFrame } from '../dataframe/dataframe.ts'

/** How a model is saved. */
export interface SaveOptions {
  /** Replace what is at the path. Default: false. */
  readonly overwrite?: boolean | undefined
}

/** A stage that adds columns to rows. */
export interface Transformer {
  readonly uid: string
  /** The input with more columns. Lazy. */
  transform(input: UntypedFrame): UntypedFrame
  save(path: string, options?: SaveOptions): Promise<void>
}

/** A stage that learns from rows. */
export interface Estimator<M extends Transformer = Transformer> {
  readonly uid: string
  /** *Cost:* a job on the server, often several. *Errors:* SparkConnectError. */
  fit(input: UntypedFrame, options?: ExecuteOptions): Promise<M>
  save(path: string, options?: SaveOptions): Promise<void>
}
