import { SparkConnectError } from './errors.ts'

/** An error that a class of the server's (or one that extends it) stands for. */
export interface ServerException extends SparkConnectError {
  /** The most specific class that Spark documents. */
  readonly exception: string
}

/** What stands on the right of `instanceof`. */
export interface ExceptionKind {
  readonly [Symbol.hasInstance]: (value: unknown) => value is ServerException
}

/**
 * `error instanceof AnalysisException` and so on, in PySpark's names. All of them are SparkConnectErrors: the server's
 * class decides, and a class that extends another counts as both, as in Java (a ParseException is an AnalysisException).
 */
const kind = (name: string): ExceptionKind => ({
  [Symbol.hasInstance]: (value: unknown): value is ServerException =>
    value instanceof SparkConnectError &&
    value.classes.some((className) => className.slice(className.lastIndexOf('.') + 1) === name),
})

/** The query does not fit the data: unknown tables and columns, types that do not match. */
export const AnalysisException = kind('AnalysisException')
/** The text is not SQL. */
export const ParseException = kind('ParseException')
/** The table or view does not exist. */
export const NoSuchTableException = kind('NoSuchTableException')
/** The table exists already. */
export const TableAlreadyExistsException = kind('TableAlreadyExistsException')
/** The temporary view exists already. */
export const TempTableAlreadyExistsException = kind('TempTableAlreadyExistsException')
/** Division by zero, overflow. */
export const ArithmeticException = kind('ArithmeticException')
/** An index beyond the end of an array, in ANSI mode. */
export const ArrayIndexOutOfBoundsException = kind('ArrayIndexOutOfBoundsException')
/** A text that is not a date or a time. */
export const DateTimeException = kind('DateTimeException')
/** A text that is not a number. */
export const NumberFormatException = kind('NumberFormatException')
/** An argument that Spark does not accept. */
export const IllegalArgumentException = kind('IllegalArgumentException')
/** An error in the rows while the query ran. */
export const SparkRuntimeException = kind('SparkRuntimeException')
/** A key or setting that does not exist. */
export const SparkNoSuchElementException = kind('SparkNoSuchElementException')
/** Data that Spark 2 or 3 wrote in another form; the message names the setting to choose. */
export const SparkUpgradeException = kind('SparkUpgradeException')
/** A streaming query failed. */
export const StreamingQueryException = kind('StreamingQueryException')
/** The server does not support this operation. */
export const UnsupportedOperationException = kind('UnsupportedOperationException')
