import { expect, test } from '@jest/globals'
import { logEstimate, unusedOverridesText } from '../../lib/load/index.ts'

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

test('all overrides that do nothing are named with their row and the reason', () => {
  const override = (row: number, unplayed: string[], artist?: string) => {
    return { verdict: 'same' as const, a: 'Prince', z: `Name ${row}`, row, unplayed, ...(artist ? { artist } : {}) }
  }
  expect(unusedOverridesText([override(3, ['Name 3'])], 'data/overrides.csv')).toBe(
    '1 override of data/overrides.csv does nothing: nobody plays "Name 3" (row 3)',
  )
  expect(
    unusedOverridesText([override(2, []), override(4, ['Prince', 'Name 4'], 'Queen'), override(5, [], 'Queen')]),
  ).toBe(
    '3 overrides of the file do nothing: nobody plays "Prince" of Queen and "Name 4" of Queen (row 4); already one name "Prince" and "Name 2" (row 2), "Prince" and "Name 5" of Queen (row 5)',
  )
  const many = Array.from({ length: 30 }, (_, i) => override(i + (i < 20 ? 2 : 3), ['Prince']))
  expect(unusedOverridesText(many)).toMatch(/ "Prince" \(row 11\), and others \(rows 12–21, 23–32\)$/)
})
