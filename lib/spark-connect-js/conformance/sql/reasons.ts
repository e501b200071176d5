import type { Difference } from './compare.ts'

/** Files whose queries call functions in Scala or Python that only Spark's own test programs register. */
const needsFunctions = /^(udf|udaf|udtf)\//

/** Whether a file can be run at all; else why not. */
export function whyLeftOut(file: string): string | undefined {
  if (needsFunctions.test(file)) return 'calls functions that only Spark’s own test programs register'
  return undefined
}

/** Equal as floating-point numbers, of either width, or nearly so. */
const isSameNumber = (a: string, b: string): boolean => {
  const [x, y] = [Number(a), Number(b)]
  if (!/[.E]/.test(a) || Number.isNaN(x) || Number.isNaN(y)) return a === b
  return Math.abs(x - y) <= 1e-14 * Math.abs(x) || (a.length <= 13 && Math.fround(x) === Math.fround(y))
}

/** Whether rows differ in the digits of their numbers alone. */
const sameNumbers = (expected: string, actual: string): boolean => {
  const cells = (text: string): string[] =>
    text
      .trimEnd()
      .split('\n')
      .sort()
      .flatMap((line) => line.split('\t'))
  const [theirs, ours] = [cells(expected), cells(actual)]
  return theirs.length === ours.length && theirs.every((cell, i) => isSameNumber(cell, ours[i]!))
}

/** Why a query may give something else here without a fault of the client; undefined where nothing explains it. */
export function reasonOf({ sql, what, expected, actual }: Difference): string | undefined {
  const statement = sql.replace(/^(\s|--.*\n)*/, '').toLowerCase()
  if (/^(explain|desc|describe|show|analyze)\b/.test(statement)) return 'prints plans, paths or catalogs of the server'
  if (
    /current_|now\(\)|localtime|time zone local|rand|uniform\(|uuid\(|input_file|spark_version|version\(\)|user\(\)/i.test(
      sql,
    )
  ) {
    return 'depends on the time, the machine or chance'
  }
  if (what === 'rows' && sameNumbers(expected, actual)) {
    return 'prints doubles with more digits than they need (Java 17), or adds them up in another order'
  }
  if (/\b(?:GEOMETRY|GEOGRAPHY|st_\w+)\b/i.test(sql) && /POINT\(|SRID=/.test(expected)) {
    return 'prints places as text (WKT), where the client leaves them as bytes (WKB)'
  }
  if (/make_interval/.test(sql) && /ArithmeticException: long overflow/.test(actual)) {
    return 'gives an interval that Spark cannot send, in nanoseconds of 64 bits'
  }
  if (what === 'error' && /^callSite|^stopIndex|^objectName/.test(actual))
    return 'names places in Spark’s test programs'
  if (
    /UNRESOLVED_ROUTINE|TABLE_OR_VIEW_NOT_FOUND|testcat|ROUTINE_NOT_FOUND|CANNOT_LOAD_FUNCTION_CLASS|DATA_SOURCE_NOT_FOUND|SCHEMA_LEVEL_COLLATIONS/.test(
      actual + expected,
    )
  ) {
    return 'needs functions or catalogs that only Spark’s own test programs register'
  }
  return undefined
}
