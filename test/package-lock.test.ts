import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

interface Locked {
  readonly resolved?: string
  readonly gypfile?: boolean
  readonly link?: boolean
}

const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
)

test('the lock file records no download addresses', () => {
  const recorded = Object.entries(lock.packages).filter(([, each]) => !each.link && each.resolved !== undefined)
  expect(recorded.map(([name]) => name)).toEqual([])
})

// better-sqlite3 brings its binaries and says "gypfile": false, but npm ci sees only the lock file and would compile it,
// which needs a compiler and Node's headers. The mark in the lock tells it. It is lost whenever npm writes
// the lock file anew, and must then be set again by hand.
test('npm ci does not compile better-sqlite3', () => {
  expect(lock.packages['node_modules/better-sqlite3']?.gypfile).toBe(false)
})
