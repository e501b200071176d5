import type { DatabaseDriver } from '../types.ts'
import { openPostgres } from './engine.ts'
import { jdbcAddress } from './jdbc.ts'
import { isPostgresUrl, publicAddress, urlForm } from './url.ts'

/** Postgres, 15 and later. */
export const postgres: DatabaseDriver = {
  urlForm,
  accepts: isPostgresUrl,
  open: (url, options) => openPostgres(url, publicAddress(url), options),
  // A server does not create databases by itself.
  absent: async () => undefined,
  fileIdentity: () => undefined,
  jdbcAddress,
}
