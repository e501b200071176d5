// Plain JavaScript, so that Node itself loads the TypeScript below it: jest transforms setup files as CommonJS.

import { join } from 'node:path'
import { sparkFolder } from '../../lib/spark/folder.ts'
import { keepSpark } from '../../lib/spark-connect-js/test/support/spark-keeper.ts'

export default async function setup() {
  // Hundreds of commands are started by tests: with their compiled modules kept, as npm's scripts keep them, each takes half a
  // second less of processor.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/compile')
  const keeper = await keepSpark(sparkFolder)
  process.env.SPARK_CONNECT_JS_TEST_SERVER = keeper.path
  globalThis.sparkConnectTestServer = keeper
}
