import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { compareQueries, tpchData, tpchTexts } from '../conformance/tpch.ts'
import { sparkVersion } from '../src/local/index.ts'
import { testSpark } from './support/spark.ts'

const whyNot = (() => {
  for (const tool of ['mvn', 'python3']) {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore' })
    } catch {
      return `${tool} is not installed, which brings the queries' texts (mvn) or their data (python3)`
    }
  }
  return undefined
})()
if (whyNot) console.log(`skipped: TPC-H: ${whyNot}`)

;(whyNot ? test.skip : test)(
  'the 22 queries of TPC-H give what their SQL texts give',
  async () => {
    const [folder, texts] = await Promise.all([
      tpchData(0.01, true).catch((error) => console.log(`skipped: TPC-H: no data: ${error.message}`)),
      tpchTexts(sparkVersion),
    ])
    if (!folder) return
    await using spark = await testSpark()
    const results = await compareQueries(spark, folder, texts)
    expect(results.filter(({ difference }) => difference !== null)).toEqual([])
    expect(results.length).toBe(22)
    // Only two queries find nothing, or a sum of nothing, in so few rows.
    expect(results.filter(({ rows }) => rows === 0).length).toBeLessThanOrEqual(2)
  },
  600_000,
)
