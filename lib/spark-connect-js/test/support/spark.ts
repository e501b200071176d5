import { connect } from 'node:net'
import { SparkSession } from '../../src/session/session.ts'

/** The environment variable through which workers find the run's keeper of the server; see spark-keeper.ts. */
export const keeperVariable = 'SPARK_CONNECT_JS_TEST_SERVER'

let address: Promise<string> | undefined

/**
 * A fresh session on the Spark server of this test run, which the first caller of the run starts.
 *
 * All workers share the server; every session has its own views, settings and artifacts. The caller stops its session.
 * `SPARK_TEST_REMOTE` (`sc://host:port`) names a running server to take instead.
 */
export async function testSpark(): Promise<SparkSession> {
  return await SparkSession.connect(await testSparkAddress())
}

/** The connection string behind {@link testSpark}, token included, for tests that start a process of their own. */
export function testSparkAddress(): Promise<string> {
  const given = process.env.SPARK_TEST_REMOTE
  if (given) return Promise.resolve(given)
  address ??= askKeeper()
  return address
}

async function askKeeper(): Promise<string> {
  const path = process.env[keeperVariable]
  if (path === undefined) throw new Error('no test run is set up: start tests by jest, with its globalSetup')
  const socket = connect(path)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  const answer = JSON.parse(text) as { address: string } | { error: string }
  if ('error' in answer) throw new Error(`the Spark server of the tests did not start: ${answer.error}`)
  return answer.address
}
