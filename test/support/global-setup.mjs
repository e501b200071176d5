// Plain JavaScript, so that Node itself loads the TypeScript below it: jest transforms setup files as CommonJS.

import { sparkFolder } from '../../lib/spark/folder.ts'
import { keepSpark } from '../../lib/spark-connect-js/test/support/spark-keeper.ts'

export default async function setup() {
  const keeper = await keepSpark(sparkFolder)
  process.env.SPARK_CONNECT_JS_TEST_SERVER = keeper.path
  globalThis.sparkConnectTestServer = keeper
}
