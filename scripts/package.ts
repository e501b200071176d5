import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'

// Makes radio-plays-VERSION.tgz: the commands as JavaScript, for `npx` without a clone of this repository. Node strips no
// types below node_modules, and no registry has the client, so it goes along as a folder.
const root = join(import.meta.dirname, '..')
// Not in the repository: tools that look for packages would find the client twice.
const built = mkdtempSync(join(tmpdir(), 'radio-plays-package-'))
const client = 'lib/spark-connect-js'
const copied = [
  'bin',
  'sample',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'lib/compile-cache.mjs',
  'lib/node-version.mjs',
]
const copiedOfClient = ['server', 'package.json', 'LICENSE']

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))

execFileSync(
  join(root, 'node_modules/.bin/tsc'),
  ['--project', join(root, 'tsconfig.package.json'), '--outDir', built],
  {
    stdio: 'inherit',
  },
)
for (const path of [...copied, ...copiedOfClient.map((each) => `${client}/${each}`)]) {
  mkdirSync(dirname(join(built, path)), { recursive: true })
  cpSync(join(root, path), join(built, path), { recursive: true })
}
chmodSync(join(built, 'bin/radio-plays.mjs'), 0o755)

// The client by its folder instead of its name.
const entries: Record<string, string> = {
  'spark-connect-js/local': `${client}/src/local/index.js`,
  'spark-connect-js': `${client}/src/index.js`,
}
for (const file of globSync('**/*.js', { cwd: built })) {
  const path = join(built, file)
  const text = readFileSync(path, 'utf8')
  const here = posix.dirname(file)
  const relative = (name: string) => {
    const to = posix.relative(here, entries[name]!)
    return to.startsWith('.') ? to : `./${to}`
  }
  const rewritten = text.replaceAll(
    /((?:from|import)\s*\(?\s*)'(spark-connect-js(?:\/local)?)'/g,
    (_, before: string, name: string) => `${before}'${relative(name)}'`,
  )
  if (rewritten !== text) writeFileSync(path, rewritten)
}

const { name, version, description, license, dependencies } = readJson('package.json')
const { 'spark-connect-js': _client, ...others } = dependencies
const manifest = {
  ...{ name, version, description, license, type: 'module', engines: { node: '>=20' } },
  bin: { 'radio-plays': 'bin/radio-plays.mjs' },
  dependencies: { ...others, ...readJson(`${client}/package.json`).dependencies },
  optionalDependencies: readJson('lib/node-binary/package.json').optionalDependencies,
}
writeFileSync(join(built, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
mkdirSync(join(root, 'dist'), { recursive: true })
execFileSync('npm', ['pack', '--silent', '--pack-destination', join(root, 'dist')], { cwd: built, stdio: 'inherit' })
rmSync(built, { recursive: true })
process.stdout.write(
  `\nTry it in another folder: npx --yes --package ${join(root, 'dist')}/${name}-${version}.tgz radio-plays aggregate\n`,
)
