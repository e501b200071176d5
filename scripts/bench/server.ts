import { silent } from '../../lib/log.ts'
import { startSparkServer } from '../../lib/spark/index.ts'

/** A Spark Connect server for benchmarks: the one of SPARK_REMOTE, else an embedded one tuned for large inputs. */
export async function startServer(): Promise<{ env: Record<string, string> } & AsyncDisposable> {
  const given = process.env.SPARK_REMOTE
  if (given) return { env: { BENCH_REMOTE: given }, async [Symbol.asyncDispose]() {} }
  const server = await startSparkServer({ log: silent })
  return { env: { BENCH_REMOTE: server.url }, [Symbol.asyncDispose]: () => server.close() }
}
