/** A database as programs on the JVM address it; everything but the password may be shown. */
export interface JdbcAddress {
  /** `jdbc:postgresql://HOST:PORT/NAME?…`, without user and password. */
  readonly url: string
  readonly user: string
  /** A secret; empty if the server asks for none. */
  readonly password: string
}
