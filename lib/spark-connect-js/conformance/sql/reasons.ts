import type { Difference } from './compare.ts'

/** Files whose queries call functions in Scala or Python that only Spark's own test programs register. */
const needsFunctions = /^(udf|udaf|udtf)\//

/** Whether a file can be run at all; else why not. */
export function whyLeftOut(file: string): string | undefined {
  if (needsFunctions.test(file)) return 'calls functions that only Spark’s own test programs register'
  return undefined
}

/** Why a query may give something else here without a fault of the client; undefined where nothing explains it. */
export function reasonOf({ sql, what, expected, actual }: Difference): string | undefined {
  const statement = sql.replace(/^(\s|--.*\n)*/, '').toLowerCase()
  if (/^(explain|desc|describe|show|analyze)\b/.test(statement)) return 'prints plans, paths or catalogs of the server'
  if (/current_|now\(\)|localtime|rand|uuid\(|input_file|spark_version|version\(\)|user\(\)/i.test(sql)) {
    return 'depends on the time, the machine or chance'
  }
  if (what === 'error' && /^callSite|^stopIndex|^objectName/.test(actual))
    return 'names places in Spark’s test programs'
  if (/UNRESOLVED_ROUTINE|TABLE_OR_VIEW_NOT_FOUND|testcat|ROUTINE_NOT_FOUND/.test(actual + expected)) {
    return 'needs functions or catalogs that only Spark’s own test programs register'
  }
  return undefined
}
