import { SparkConnectError } from '../client/errors.ts'
import { atCaller } from '../trace/error-stack.ts'

/** What is wrong with received bytes, and in which column; {@link reading} adds the batch. */
export class Damage extends Error {
  readonly column: string | undefined

  constructor(what: string, column?: string) {
    super(what)
    this.column = column
  }
}

/** Values that are whole and cannot be read in the way that was asked for. */
export class Unreadable extends RangeError {
  // Node prints the name of the class where it differs.
  static {
    Object.defineProperty(Unreadable, 'name', { value: 'RangeError' })
  }
  override readonly name = 'RangeError'

  constructor(message: string) {
    super(message)
    atCaller(this)
  }
}

/** Runs `read`; what it throws names the column. */
export const inColumn = <T>(column: string, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unreadable || (error instanceof Damage && error.column !== undefined)) throw error
    throw new Damage(error instanceof Error ? error.message : String(error), column)
  }
}

/**
 * Runs `read` and turns whatever it throws into a SparkConnectError with code DATA_LOSS that names the place.
 *
 * Reading checks lengths before it uses them. What it overlooks ends as a RangeError of the engine and is reported here
 * as well, so a damaged stream never ends as a bug of the client.
 */
export const reading = <T>(place: { readonly batch?: number; readonly column?: string }, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof SparkConnectError || error instanceof Unreadable) throw error
    const column = (error instanceof Damage ? error.column : undefined) ?? place.column
    const where = [
      ...(place.batch === undefined ? [] : [`batch ${place.batch}`]),
      ...(column === undefined ? [] : [`column '${column}'`]),
    ].join(', ')
    const what = error instanceof Error ? error.message : String(error)
    throw new SparkConnectError(`damaged result${where && `, ${where}`}: ${what}`, { code: 'DATA_LOSS', cause: error })
  }
}
