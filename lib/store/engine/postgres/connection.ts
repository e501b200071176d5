import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import type pg from 'pg'
import type { Database, Db } from '../../schema/database.ts'
import { errorCode } from '../error-code.ts'

/** The connection broke; `cause` is the error of the driver, the socket or the server. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection to Postgres was lost', { cause })
    this.name = 'ConnectionLost'
  }
}

/** Codes with which a server ends a session or a socket breaks. */
const lostCodes = new Set(['57P01', '57P02', '08003', '08006', 'ECONNRESET', 'EPIPE'])

const connections = new WeakMap<pg.ClientBase, Connection>()

/**
 * A connection that runs one piece of work at a time, in the order of the calls. (The driver's own queue is deprecated and
 * goes away with its next major version.)
 *
 * Whatever fails because the connection broke fails with `ConnectionLost`.
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

  /** Runs `work` alone: later work on this connection waits until it has ended. */
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

  /** Waits for its turn; later work waits until the returned function is called. */
  async take(): Promise<() => void> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }

  /** The error itself, or a `ConnectionLost` if the connection caused it. */
  explain(error: unknown): unknown {
    return this.#lost || lostCodes.has(errorCode(error) ?? '') ? new ConnectionLost(error) : error
  }
}

/** Kysely on connections that `connect` provides. */
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

/** Kysely on one connection, which stays open. */
export function kyselyOn(connection: Connection): Db {
  return kyselyOver(
    async () => connection,
    () => {},
  )
}
