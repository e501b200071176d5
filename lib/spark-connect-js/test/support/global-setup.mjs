// Plain JavaScript, so that Node itself loads the TypeScript below it: jest transforms setup files as CommonJS.
import { keepSpark } from './spark-keeper.ts'

export default async function setup() {
  const keeper = await keepSpark()
  process.env.SPARK_CONNECT_JS_TEST_SERVER = keeper.path
  globalThis.sparkConnectTestServer = keeper
}
