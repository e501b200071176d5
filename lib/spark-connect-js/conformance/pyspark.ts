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
  const name = `pyspark-client-${version}`
  if (!install) return (await isThere(pythonOf(name))) ? pythonOf(name) : null
  const packages = ['pandas', 'pyarrow', 'grpcio', 'grpcio-status', 'googleapis-common-protos', 'zstandard']
  return pythonWith(name, [`pyspark-client==${version}`, ...packages])
}

const pythonOf = (name: string): string => join(home, name, 'bin', 'python')

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** The python of the environment `name`, which pip fills with packages where it is not there. *Errors:* what pip says. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const [folder, python] = [join(home, name), pythonOf(name)]
  if (await isThere(python)) return python
  try {
    await run('python3', ['-m', 'venv', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', ...packages])
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return python
}
