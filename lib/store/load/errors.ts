import { AppError } from '../../errors.ts'

/** The database dropped our session in the middle of a load. */
export function sessionLost(address: string, cause: unknown): AppError {
  return new AppError('database', 'the connection to Postgres was lost in the middle of the load', {
    place: address,
    remedy: 'run again when the server is back (DATABASE_WAIT=60 waits a minute for it); nothing was published',
    cause,
    published: 'no',
  })
}

/** An error of the database in the middle of a load, which then has published nothing. */
export function beforePublish(error: unknown): unknown {
  if (!(error instanceof AppError) || error.published !== undefined) return error
  if (error.kind !== 'database' && error.kind !== 'check') return error
  const { kind, message, place, remedy } = error
  const nothing = 'nothing was published'
  return new AppError(kind, message, {
    place,
    remedy: remedy === undefined ? nothing : `${remedy}; ${nothing}`,
    cause: error,
    published: 'no',
  })
}

/** An error of the database after a load: its tables are there all the same. */
export function afterPublish(error: unknown): unknown {
  if (!(error instanceof AppError) || error.kind !== 'database') return error
  return new AppError('database', `the load was published, but its summary failed: ${error.message}`, {
    place: error.place,
    remedy: 'the tables are complete; npm run stats shows them when the database answers again',
    cause: error,
    published: 'yes',
  })
}
