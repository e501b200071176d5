import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Before and after `npm pack`. In the repository the package is its TypeScript sources, which need no build step; packed
// it is JavaScript with declarations, because Node strips no types below node_modules. So `exports` differs: it is
// written for the tarball and put back at once.
//   node scripts/pack.ts dist    emits dist/ and lets `exports` point there
//   node scripts/pack.ts src     lets it point to the sources again
const folder = join(import.meta.dirname, '..')
const manifest = join(folder, 'package.json')
type Target = string | { readonly types: string; readonly default: string }

function pointTo(target: (path: string) => Target): void {
  const json = JSON.parse(readFileSync(manifest, 'utf8')) as { exports: Record<string, Target> }
  for (const [name, to] of Object.entries(json.exports)) {
    const path = typeof to === 'string' ? to : to.default
    if (path.endsWith('.json')) continue
    json.exports[name] = target(path.replace(/^\.\/(?:src|dist)\//, '').replace(/\.[jt]s$/, ''))
  }
  writeFileSync(manifest, `${JSON.stringify(json, null, 2)}\n`)
}

if (process.argv[2] === 'dist') {
  const dist = join(folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  execFileSync('tsc', ['--project', join(folder, 'tsconfig.build.json')], { stdio: 'inherit' })
  // The compiler rewrites the endings of imports in JavaScript only.
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    const text = readFileSync(join(dist, file), 'utf8')
    writeFileSync(join(dist, file), text.replaceAll(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2'))
  }
  execFileSync('node', [join(import.meta.dirname, 'api-docs.ts'), dist, join(dist, 'API.md')], { stdio: 'inherit' })
  pointTo((path) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` }))
} else {
  pointTo((path) => `./src/${path}.ts`)
}
