import { expect, test } from '@jest/globals'
import { logEstimate } from '../../lib/load/index.ts'

test.each([
  [999_990n, "comparing 1,000,000 pairs of artists' names", 'info'],
  [999_989n, "comparing 999,999 pairs of artists' names", 'debug'],
] as const)('%d pairs and 10 of another rule are told at the right level', (pairs, message, level) => {
  const told: unknown[] = []
  const at = (name: string) => (text: string, fields?: Record<string, unknown>) => told.push([name, text, fields])
  const rule = (name: string, n: bigint) => ({ rule: name, pairs: n, droppedBlocks: 0n })
  logEstimate([rule('song', pairs), rule('typo', 10n), rule('id', 0n)], { info: at('info'), debug: at('debug') })
  expect(told).toEqual([[level, message, { by: `song ${pairs.toLocaleString('en-US')}, typo 10` }]])
})
