import { execFile } from 'node:child_process'
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where PySpark's client is kept: beside Spark's jars, ignored by git. */
const home = join(import.meta.dirname, '..', '..', '..', '.spark')

/**
 * The python of an environment with PySpark's client, which is not part of this package, only what it is measured against.
 * Where it is missing it is made by pip if `install` says so, else null. *Errors:* what pip says.
 */
export async function pysparkPython(version: string, install: boolean): Promise<string | null> {
  const folder = join(home, `pyspark-client-${version}`)
  const python = join(folder, 'bin', 'python')
  const isThere = await access(python).then(
    () => true,
    () => false,
  )
  if (isThere || !install) return isThere ? python : null
  const packages = ['pandas', 'pyarrow', 'grpcio', 'grpcio-status', 'googleapis-common-protos', 'zstandard']
  try {
    await run('python3', ['-m', 'venv', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', `pyspark-client==${version}`, ...packages])
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return python
}
