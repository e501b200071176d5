/*
 * What a kept server and the runs that ask for it say to one another: one line of JSON each way over a socket in the server's
 * private folder, then nothing. The connection itself is the lease, so that a run which is killed gives it back.
 */

/** What a run asks. */
export interface Request {
  readonly want: 'lease' | 'status' | 'stop'
  /** Process id of the asker, for whoever asks who holds the server. */
  readonly pid: number
}

/** What a run says at the end of its lease, where the server is not worth keeping. */
export const endServer = 'end\n'

/** What {@link Request} gets as its answer. */
export type Answer =
  | { readonly is: 'yours'; readonly server: ServerFacts }
  /** A run, by its process id, has it. */
  | { readonly is: 'busy'; readonly by: number }
  | { readonly is: 'idle'; readonly endsInMs: number }
  | { readonly is: 'ending' }

/** What a run has to know of the server. Holds its token: never leaves the private folder and the socket in it. */
export interface ServerFacts {
  readonly port: number
  readonly token: string
  readonly pid: number
  readonly scratch: string
  readonly logFile: string
  readonly usedArchive: boolean
}

/** What the keeper of a server is told when it takes over. */
export interface Keeping {
  readonly server: ServerFacts
  /** What a run must be equal in to get this server: versions, settings of the JVM. */
  readonly key: string
  /** The file that tells later runs where the socket is. */
  readonly recordFile: string
  /** How long the server waits for its next run. */
  readonly idleMs: number
  /** Where the JVM writes its class archive at its end, and where that archive belongs; null: it writes none. */
  readonly archive: { readonly recorded: string; readonly path: string } | null
}

/** What the record file says; no secret. */
export interface KeptRecord {
  readonly key: string
  readonly socket: string
  /** Process id of the keeper. */
  readonly keeper: number
  readonly startedAt: string
}

/** The socket of a server, in its private folder. */
export const socketName = 'keeper.sock'

/** Where the keeper finds what it keeps, in the private folder. */
export const keepingName = 'keeping.json'

/** A path of a Unix socket that is longer is cut off or refused: 104 bytes on macOS, 108 on Linux. */
export const maxSocketPath = 103
