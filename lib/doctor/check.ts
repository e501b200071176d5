import type { Settings } from '../config.ts'
import type { Logger } from '../log.ts'
import type { ProgramEnvironment } from '../spark/index.ts'
import type { DatabaseHealth } from '../store/index.ts'

/** What a check found. `warn`: it works, but something is missing or will be; `skip`: another finding stands before it. */
export type Finding =
  | { readonly status: 'ok' | 'skip'; readonly found: string }
  | { readonly status: 'warn' | 'fail'; readonly found: string; readonly remedy: string }

/** A finding with the check that it is of. */
export type Examined = Finding & { readonly id: string; readonly title: string; readonly ms: number }

export interface Check {
  /** Stable, for scripts: `node`, `database-lock`. */
  readonly id: string
  readonly title: string
  run(context: CheckContext): Promise<Finding>
}

/** Where the doctor looks; tests put what they want to see there. */
export interface CheckContext {
  /** The settings that are valid; the faults of the others are a finding. */
  readonly settings: Settings
  /** Faults of values and of unknown names in `.env`, each a sentence. */
  readonly faults: { readonly values: readonly string[]; readonly names: readonly string[] }
  readonly env: ProgramEnvironment
  readonly nodeVersion: string
  /** Folder of the project: the sample is there. */
  readonly root: string
  /** Where results go. */
  readonly dataFolder: string
  /** Where Spark is kept. */
  readonly sparkFolder: string
  readonly now: () => Date
  /** Also what takes long: reads a large database through, starts Spark. */
  readonly deep: boolean
  readonly log: Logger
  readonly signal: AbortSignal
  /** Looked at once, however many checks ask. */
  readonly database: () => Promise<DatabaseHealth>
  readonly spark: () => Promise<SparkFacts | null>
}

/** A server that answered, or null where none is reachable and none was to be started. */
export interface SparkFacts {
  readonly kind: 'remote' | 'local' | 'embedded'
  readonly address: string
  readonly version: string
  /** Names of all functions that it knows. */
  readonly functions: ReadonlySet<string>
}

export const ok = (found: string): Finding => ({ status: 'ok', found })
export const skip = (found: string): Finding => ({ status: 'skip', found })
export const warn = (found: string, remedy: string): Finding => ({ status: 'warn', found, remedy })
export const fail = (found: string, remedy: string): Finding => ({ status: 'fail', found, remedy })
