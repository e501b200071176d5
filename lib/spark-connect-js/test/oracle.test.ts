import { expect, test } from '@jest/globals'
import { compareWithOracle, oracleDeviations, oraclePlans } from '../conformance/oracle.ts'

test('commands, subqueries, streams and the catalog are sent as PySpark 4.2 sends them', async () => {
  const plans = await oraclePlans('4.2.0', false)
  if (plans === null) {
    console.log('skipped: PySpark’s client is not installed; npm run conformance -- --oracle brings it')
    return
  }
  const differing = (await compareWithOracle(plans)).map(({ name }) => name)
  expect(differing.sort()).toEqual(Object.keys(oracleDeviations).sort())
}, 120_000)
