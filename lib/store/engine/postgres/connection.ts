import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import type pg from 'pg'
import type { Database, Db } from '../../schema/database.ts'

/** The connection broke; `cause` is what driver, socket or server said. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection to Postgres was lost', { cause })
    this.name = 'ConnectionLost'
  }
}

/** What a server says as it ends a session, and a socket as it breaks. */
const lostCodes = new Set(['57P01', '57P02', '08003', '08006', 'ECONNRESET', 'EPIPE'])

const connections = new WeakMap<pg.ClientBase, Connection>()

/**
 * A connection on which one thing is done at a time, in the order in which it was asked for. (The driver keeps such a queue
 * as well; it warns of it, and drops it with its next major version.)
 *
 * What breaks with the connection is a `ConnectionLost`, whatever it was told as.
 */
export class Connection {
  readonly client: pg.ClientBase
  readonly #end = Promise.withResolvers<void>()
  #lost = false
  #last: Promise<void> = Promise.resolve()

  /** The one connection of a client. From now on an error between queries no longer ends the process. */
  static of(client: pg.ClientBase): Connection {
    const known = connections.get(client) ?? new Connection(client)
    connections.set(client, known)
    return known
  }

  private constructor(client: pg.ClientBase) {
    this.client = client
    const lose = () => {
      this.#lost = true
      this.#end.resolve()
    }
    client.on('error', lose).on('end', lose)
  }

  get isLost(): boolean {
    return this.#lost
  }

  /** Resolved when the connection has broken or ended. */
  get ended(): Promise<void> {
    return this.#end.promise
  }

  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>> {
    return this.use((client) => client.query<Row>(text, values))
  }

  /** Does all of `work` before anything else is done on this connection. */
  async use<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const release = await this.take()
    try {
      return await work(this.client)
    } catch (error) {
      throw this.explain(error)
    } finally {
      release()
    }
  }

  /** Waits for what was asked for before; nothing else is done until the answer is called. */
  async take(): Promise<() => void> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }

  /** An error of the driver, or that of the connection if that is what it comes from. */
  explain(error: unknown): unknown {
    return this.#lost || lostCodes.has(codeOf(error)) ? new ConnectionLost(error) : error
  }
}

/** Kysely on connections of ours. */
export function kyselyOver(connect: () => Promise<Connection>, release: (used: Connection) => void): Db {
  const pool: PostgresPool = {
    async connect() {
      const connection = await connect()
      const query = (text: string, values: readonly unknown[]) => connection.query(text, [...values])
      return { query, release: () => release(connection) } as never
    },
    end: async () => {},
    options: {},
  }
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : ''
}
