import { execFile } from 'node:child_process'
import { access, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import { modulesFolder } from './support/compiler.ts'
import { firstLines } from './support/readme.ts'
import { testSparkAddress } from './support/spark.ts'

const packageFolder = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** `npm run` hands a project's npm settings down; a user's folder has none of them. */
const ownSettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_config_(strict_allow_scripts|loglevel)$/i.test(name)),
)
let folder: string | undefined

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** The tarball, made of a copy: other tests read the package while it is packed. */
async function pack(work: string): Promise<string> {
  const copy = join(work, 'repository', 'lib', 'spark-connect-js')
  await mkdir(copy, { recursive: true })
  await symlink(modulesFolder, join(work, 'repository', 'node_modules'))
  for (const part of [
    'src',
    'server',
    'scripts',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'README.md',
    'LICENSE',
    'COVERAGE.md',
    'conformance',
    'examples',
  ]) {
    await cp(join(packageFolder, part), join(copy, part), { recursive: true })
  }
  const before = await readFile(join(copy, 'package.json'), 'utf8')
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', work], { cwd: copy })
  expect(await readFile(join(copy, 'package.json'), 'utf8')).toBe(before)
  return join(work, stdout.trim().split('\n').at(-1)!)
}

test('in the repository the package is its sources', async () => {
  const { exports } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  expect(exports).toEqual({
    '.': './src/index.ts',
    './local': './src/local/index.ts',
    './package.json': './package.json',
  })
})

test('the tarball installs in an empty folder, has types, and runs the first lines of the README', async () => {
  folder = await mkdtemp(join(tmpdir(), 'pack-test-'))
  const tarball = await pack(folder)
  const user = join(folder, 'user')
  await mkdir(user)
  await writeFile(join(user, 'package.json'), '{ "name": "user", "type": "module" }')
  try {
    const quick = ['--no-audit', '--no-fund', '--fetch-retries=0', '--fetch-timeout=60000']
    await run('npm', ['install', ...quick, tarball], { cwd: user, timeout: 180_000, env: ownSettings })
  } catch (error) {
    if (!/E(?:NOTFOUND|CONNREFUSED|CONNRESET|AI_AGAIN|TIMEDOUT)|network/.test(String(error))) throw error
    console.log('skipped: npm does not reach its registry')
    return
  }
  const installed = join(user, 'node_modules', 'spark-connect-js')
  // What the README links, and the sources that the maps name.
  for (const [, link] of (await readFile(join(installed, 'README.md'), 'utf8')).matchAll(
    /\]\((?!https?:|#)([^)#]+)/g,
  )) {
    await access(join(installed, link!))
  }
  for (const file of ['dist/index.js', 'dist/index.d.ts']) {
    const map = JSON.parse(await readFile(join(installed, `${file}.map`), 'utf8'))
    await access(join(installed, 'dist', map.sources[0]))
  }
  const { code, printed } = firstLines()
  await writeFile(
    join(user, 'first.ts'),
    `${code.replace(/'local\[\*\]'/, JSON.stringify(await testSparkAddress()))}
import { readJars } from 'spark-connect-js/local'
import { functions } from 'spark-connect-js'
export const wrong = () => {
  // @ts-expect-error: there is no such column
  totals.select('artits')
  // @ts-expect-error: and no such function
  return functions.lowre
}
if ((await readJars('/nowhere')) !== null) throw new Error('nowhere holds jars')
`,
  )
  // Declarations are checked too (no skipLibCheck); await using is written out for Node 22.
  const options = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2024,esnext.disposable,esnext.iterator']
  const tsc = join(modulesFolder, 'typescript', 'bin', 'tsc')
  await run(process.execPath, [tsc, '--strict', '--types', 'node', ...options, 'first.ts'], { cwd: user })
  const onThisNode = await run(process.execPath, ['first.js'], { cwd: user, timeout: 120_000 })
  expect(onThisNode.stdout.trim()).toBe(printed)
  const onNode22 = await run('npx', ['--yes', 'node@22', 'first.js'], { cwd: user, timeout: 120_000, env: ownSettings })
  expect(onNode22.stdout.trim()).toBe(printed)
}, 400_000)
