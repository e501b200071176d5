import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { runCommand } from '../lib/cli/index.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const client = 'lib/spark-connect-js'
const inClient = ['server', 'package.json', 'LICENSE'].map((path) => `${client}/${path}`)
const loaders = ['lib/compile-cache.mjs', 'lib/node-version.mjs']
const copied = ['bin', 'sample', 'README.md', 'LICENSE', 'CHANGELOG.md', ...loaders, ...inClient]

await runCommand({
  name: 'package',
  summary:
    'Makes dist/radio-plays-VERSION.tgz: the commands as JavaScript, for npx without a clone of this repository.',
  examples: ['npm run package'],
  settings: [],
  async run({ print }) {
    // Not in the repository: tools that look for packages would find the client twice.
    const built = mkdtempSync(join(tmpdir(), 'radio-plays-package-'))
    using stack = new DisposableStack()
    stack.defer(() => rmSync(built, { recursive: true }))
    // Node strips no types below node_modules.
    const project = ['--project', join(root, 'tsconfig.package.json'), '--outDir', built]
    execFileSync(join(root, 'node_modules/.bin/tsc'), project, { stdio: 'inherit' })
    // What runs in the browser is read as text, so no import leads to it.
    const script = ['--project', join(root, 'lib/report/browser/tsconfig.package.json'), '--outDir', built]
    execFileSync(join(root, 'node_modules/.bin/tsc'), script, { stdio: 'inherit' })
    for (const path of copied) {
      mkdirSync(dirname(join(built, path)), { recursive: true })
      cpSync(join(root, path), join(built, path), { recursive: true })
    }
    chmodSync(join(built, 'bin/radio-plays.mjs'), 0o755)
    importClientByFolder(built)
    const manifest = packageManifest()
    writeFileSync(join(built, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    mkdirSync(dist, { recursive: true })
    execFileSync('npm', ['pack', '--silent', '--pack-destination', dist], { cwd: built, stdio: 'ignore' })
    const tarball = join(dist, `${manifest.name}-${manifest.version}.tgz`)
    print(`${tarball}\n\nIn another folder: npx --yes --package ${tarball} radio-plays aggregate`)
  },
})

/** No registry has the client, so it goes along as a folder, and is imported by that instead of its name. */
function importClientByFolder(built: string): void {
  for (const file of globSync('**/*.js', { cwd: built })) {
    const path = join(built, file)
    const folder = posix.relative(posix.dirname(file), `${client}/src`)
    const text = readFileSync(path, 'utf8')
    const rewritten = text.replaceAll(
      /((?:from|import)\s*\(?\s*)'spark-connect-js(\/local)?'/g,
      (_, before: string, local = '') =>
        `${before}'${folder.startsWith('.') ? folder : `./${folder}`}${local}/index.js'`,
    )
    if (rewritten !== text) writeFileSync(path, rewritten)
  }
}

function packageManifest() {
  const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const { name, version, description, license, dependencies } = readJson('package.json')
  const { 'spark-connect-js': _client, ...others } = dependencies
  return {
    ...{ name, version, description, license, type: 'module', engines: { node: '>=20' } },
    bin: { 'radio-plays': 'bin/radio-plays.mjs' },
    dependencies: { ...others, ...readJson(`${client}/package.json`).dependencies },
    optionalDependencies: readJson('lib/node-binary/package.json').optionalDependencies,
  }
}
