import { join } from 'node:path'
import type { LocalServerOptions } from './local-server.ts'

/** The settings of a server: the caller's, but for those that keep it private. */
export function settingsOf(
  options: LocalServerOptions,
  tuned: Readonly<Record<string, string>>,
  scratch: string,
): Record<string, string> {
  return {
    'spark.app.name': 'spark-connect-js',
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.warehouse.dir': join(scratch, 'warehouse'),
    // Sessions without isolation of artifacts find the classes of earlier ones here. Spark's own 100 are fewer than a job has.
    'spark.sql.codegen.cache.maxEntries': '1000',
    ...tuned,
    ...options.config,
    'spark.master': localMaster(options.master ?? 'local[*]'),
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': String(options.port ?? 0),
    // Spark's own ports on loopback deserialize objects; without this any local user could send them some.
    'spark.authenticate': 'true',
  }
}

/** `local[N]` gives up at a task's first failure, so the number of attempts that a cluster makes (four) is added. */
export function localMaster(master: string): string {
  const threads = /^local(?:\[(\*|\d+)\])?$/.exec(master)
  if (!threads) return master
  return `local[${threads[1] ?? '1'},4]`
}
