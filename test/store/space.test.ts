import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'

const child = fileURLToPath(new URL('support/child.ts', import.meta.url))

/** A file system of its own, as large as we like, needs a mount namespace of its own. */
function whyNoMount(): string | undefined {
  const tried = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt'], { encoding: 'utf8' })
  return tried.status === 0
    ? undefined
    : `no right to mount a small file system here (${tried.error?.message ?? tried.stderr})`
}

const reason = whyNoMount()
if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)
const onSmallDisk = reason === undefined ? describe : describe.skip

onSmallDisk('a disk that fills up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rp-full-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs the child's commands one after the other on one file system of the given size; gives their last lines. */
  function onDisk(kilobytes: number, ...commands: [action: string, options?: object][]): string[] {
    const lines = commands.map(([action, options = {}]) => {
      const args = [
        process.execPath,
        '--no-warnings',
        child,
        `sqlite:${folder}/plays.db`,
        action,
        JSON.stringify(options),
      ]
      return `${args.map((arg) => `'${arg}'`).join(' ')} | tail -n 1; ls ${folder} | grep -c stg`
    })
    const script = `mount -t tmpfs -o size=${kilobytes}k tmpfs ${folder} && { ${lines.join('\n')}\n }; true`
    return execFileSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8' }).trim().split('\n')
  }

  const old = { plays: 200, seed: 61, runId: 'old' }
  const large = { plays: 4_000, seed: 62, runId: 'large' }

  test('there is a size at which the old state fits and the new one does not', () => {
    expect(onDisk(8_000, ['load', old], ['load', large], ['hash'])).toEqual([
      'closed',
      '0',
      'closed',
      '0',
      hashOf('new'),
      '0',
    ])
  })

  // Staging fills the smaller ones, publishing the larger ones.
  test.each([
    1_000, 1_500, 2_000,
  ])('%d KiB: one sentence, the old state stays, nothing is left over, and a smaller load still works', (kilobytes) => {
    const [first, , second, left, hash] = onDisk(kilobytes, ['load', old], ['load', large], ['hash'], ['load', old])
    expect(first).toBe('closed')
    expect([second, left]).toEqual(['error database no space is left on the disk of the database', '0'])
    expect(hash).toBe(hashOf('old'))
  })

  const hashes = new Map<string, string>()
  function hashOf(state: 'old' | 'new'): string {
    if (hashes.size === 0) {
      hashes.set('old', onDisk(8_000, ['load', old], ['hash'])[2]!)
      hashes.set('new', onDisk(8_000, ['load', large], ['hash'])[2]!)
    }
    return hashes.get(state)!
  }
})
