// What a bundler makes of this package: one file, elsewhere, without the folder `server`.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import { modulesFolder } from '../support/compiler.ts'

const packageFolder = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'bundle-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (env: Record<string, string>): Promise<string> => {
  const program = `import { serverFile } from ${JSON.stringify(join(folder, 'app', 'x', 'src', 'local', 'files.ts'))}
try { console.log(serverFile('pom.xml')) } catch (error) { console.log(error.code, error.message) }`
  writeFileSync(join(folder, 'program.mts'), program)
  const options = { cwd: folder, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', join(folder, 'program.mts')],
    options,
  )
  return stdout.trim()
}

test('local[*] in a bundle says what to do, and takes the folder that is named or installed', async () => {
  // As in a bundle: the code lies elsewhere, with nothing beside it but what it imports.
  cpSync(join(packageFolder, 'src'), join(folder, 'app', 'x', 'src'), { recursive: true })
  symlinkSync(modulesFolder, join(folder, 'app', 'node_modules'))
  const told = await run({ SPARK_CONNECT_JS_SERVER_FILES: '' })
  expect(told).toMatch(
    /^FAILED_PRECONDITION local\[\*\] needs the folder server .*\nat: .*\nto do: .*--external:spark-connect-js/,
  )
  const server = join(packageFolder, 'server')
  expect(await run({ SPARK_CONNECT_JS_SERVER_FILES: server })).toBe(join(server, 'pom.xml'))
  cpSync(server, join(folder, 'app', 'x', 'src', 'local', 'server'), { recursive: true })
  expect(await run({ SPARK_CONNECT_JS_SERVER_FILES: '' })).toBe(
    join(folder, 'app', 'x', 'src', 'local', 'server', 'pom.xml'),
  )
})
