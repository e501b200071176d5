// A command as jobs are: opens an embedded Spark, says where, and holds it until a signal ends it. Used by the tests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../lib/cli/index.ts'
import { openSpark } from '../../lib/spark/index.ts'

await runCommand({
  name: 'hold',
  summary: 'holds a server',
  examples: [],
  settings: [],
  run: async ({ log, signal, print }) => {
    await using spark = await openSpark({ remote: 'local[1]', inputBytes: 0, driverMemory: '512m', log, signal })
    const rows = await spark.session.range(3).collect()
    const jvm = Number(readFileSync(join(spark.scratch!, 'jvm.pid'), 'utf8'))
    print(JSON.stringify({ node: process.pid, jvm, scratch: spark.scratch, rows: rows.length }))
    await new Promise<void>((resolve, reject) => {
      const hold = setInterval(() => {}, 1000)
      signal.addEventListener('abort', () => {
        clearInterval(hold)
        reject(signal.reason)
        resolve()
      })
    })
  },
})
