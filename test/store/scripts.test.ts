import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { contentHash } from './support/content.ts'
import { dataset, run } from './support/dataset.ts'

const folder = mkdtempSync(join(tmpdir(), 'rp-scripts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function script(name: string, ...args: string[]) {
  const path = fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', path, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

test('db:setup makes the tables and tells what they hold; again, it changes nothing', () => {
  for (const _ of [1, 2]) {
    const { status, stdout } = script('db-setup', '--database-url', 'sqlite:new/plays.db')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Database: new\/plays\.db\nplays +0\n/)
  }
})

test('db:copy copies, compares and refuses to overwrite unasked', async () => {
  const store = await openStore(`sqlite:${join(folder, 'one.db')}`, { log: silent })
  await run(store, dataset({ plays: 300, seed: 71 }), 'r')
  await store.close()
  const copy = ['--from', 'sqlite:one.db', '--to', 'sqlite:two.db']
  const first = script('db-copy', ...copy)
  expect({ status: first.status, stderr: first.stderr }).toMatchObject({ status: 0 })
  expect(first.stdout).toMatch(/\nplays +300 +[0-9a-f]{64}\n/)
  expect(first.stdout).toMatch(/Rows and hashes of both databases are equal\.\n$/)
  expect(await contentHash(`sqlite:${join(folder, 'two.db')}`)).toBe(
    await contentHash(`sqlite:${join(folder, 'one.db')}`),
  )
  const again = script('db-copy', ...copy)
  expect(again).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('the target is not empty (plays has rows)'),
  })
  expect(script('db-copy', ...copy, '--replace').status).toBe(0)
  expect(script('db-copy')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('neither --from nor --to is given'),
  })
})

test.each([
  ['--from', 'docker', '--to', 'sqlite:three.db'],
  ['--from', 'sqlite:one.db', '--to', 'docker'],
])('db:copy %s %s %s %s says what to do where no Docker engine answers', (...args) => {
  const path = fileURLToPath(new URL('../../scripts/db-copy.ts', import.meta.url))
  // No program of Docker, and a program without an engine.
  for (const env of [{ PATH: folder }, { PATH: process.env.PATH, DOCKER_HOST: `unix://${folder}/none` }]) {
    const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', path, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env,
    })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^error: no Docker engine answers\n {2}at: docker\n {2}do: start Docker/),
    })
  }
})
