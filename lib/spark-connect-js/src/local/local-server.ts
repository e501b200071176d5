import type { LocalServerError } from './error.ts'
import type { SparkJars } from './jars.ts'
import type { LocalLog } from './log.ts'

export interface LocalServerOptions {
  /** The folder that keeps jars, logs and class archives between runs. */
  readonly home: string
  /** Which Spark to install. Default: the version that this package is made for. */
  readonly version?: string | undefined
  /** A Spark 4 installation to take where Maven is missing. */
  readonly sparkHome?: string | undefined
  /** Jars to run instead of those that would be installed. */
  readonly jars?: SparkJars | undefined
  /** `local[*]`, `local[N]` or `local`. Default: `local[*]`. */
  readonly master?: string | undefined
  /** Picks the tuning of the JVM; unknown counts as large. */
  readonly inputBytes?: number | undefined
  /** Heap of the JVM, such as `4g`. */
  readonly memory?: string | undefined
  /** Settings of the server, static ones too; those that keep it private are not changed by them. */
  readonly config?: Readonly<Record<string, string>> | undefined
  /** What the server asks of every caller. Default: 256 random bits. */
  readonly token?: string | undefined
  /** Where it listens. Default: a port that the kernel chooses, which nobody can take before us. */
  readonly port?: number | undefined
  /** Use the class archive if there is one, and record one at the end if there is none. Default: `use`. */
  readonly archive?: 'use' | 'record' | 'off' | undefined
  /**
   * How long the server waits for another run of the same user, home, versions and settings after its {@link LocalServer.stop};
   * a server that waits is taken instead of a new one. Default: 0, it ends.
   */
  readonly keepMs?: number | undefined
  readonly log?: LocalLog | undefined
  readonly onProgress?: ((text: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A Spark Connect server in a JVM of our own. */
export interface LocalServer {
  /** The connection string, with the token in it: a secret. */
  readonly url: string
  readonly port: number
  /** What the server asks of every caller. A secret. */
  readonly token: string
  /** Process id of the JVM. */
  readonly pid: number
  /** A private folder on this machine that is removed when the JVM is gone, even after `kill -9` of this process. */
  readonly scratch: string
  readonly logFile: string
  /** Whether this start used a class archive. */
  readonly usedArchive: boolean
  /** Whether an earlier run has left it, see `keepMs`. */
  readonly wasKept: boolean
  /** What a session sets for an input of this size, where the server was started for one of another. */
  readonly sessionConfig: Readonly<Record<string, string>>
  /**
   * Why the JVM ended without being asked; null while it runs and after {@link stop}. An end may take some moments to be
   * noticed after a connection broke: one that comes within `patienceMs` (1,000) is waited for.
   */
  failure(patienceMs?: number): Promise<LocalServerError | null>
  /** Settled when the JVM is gone, for whatever reason. */
  readonly ended: Promise<void>
  /**
   * Ends the JVM and waits until it is gone and its folder is removed; with `keepMs`, leaves it to the next run.
   * `keep: false` ends it in any case and skips the recording of a class archive, which takes some seconds; an abort of
   * `signal` does both.
   */
  stop(options?: { keep?: boolean; signal?: AbortSignal | undefined }): Promise<'ended' | 'kept'>
}
