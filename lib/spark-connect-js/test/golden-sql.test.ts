import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { runGoldenSql } from '../conformance/sql/run.ts'
import { sparkVersion } from '../src/local/index.ts'

const home = process.env.SPARK_CONNECT_JS_HOME ?? join(import.meta.dirname, '..', '..', '..', '.spark')

// The whole suite is `npm run conformance -- --sql`; this sample of it takes a minute.
const sample =
  /^(typeCoercion|timestampNTZ)\/.*(Coercion|Types|Precision|Conversion|Comparison|Equality|Strings|timestamp)/i

const hasMaven = (() => {
  try {
    execFileSync('mvn', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.log('skipped: Maven, which brings Spark’s own SQL tests, is not installed')
    return false
  }
})()

;(hasMaven ? test : test.skip)(
  'a sample of Spark’s own SQL tests gives what Spark recorded',
  async () => {
    const only = ({ name }: { readonly name: string }): boolean => sample.test(name)
    const result = await runGoldenSql({ version: sparkVersion, home, only, log: () => {} })
    console.log(`sql: ${result.equal} of ${result.total} equal`)
    expect(result.total).toBeGreaterThanOrEqual(1_500)
    expect(result.unexplained).toEqual([])
    expect(result.equal).toBeGreaterThanOrEqual(result.total * 0.99)
  },
  900_000,
)
