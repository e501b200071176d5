import { expect, test } from '@jest/globals'
import { checkQuarantine, type Ledger } from '../../lib/plays/index.ts'

const ledger = (reasons: Readonly<Record<string, bigint>>): Ledger => {
  const refused = Object.values(reasons).reduce((sum, lines) => sum + lines, 0n)
  return {
    rowsIn: 100n,
    plays: 100n - refused,
    repaired: 0n,
    quarantined: refused,
    duplicates: 0n,
    reasons: Object.entries(reasons).map(([reason, lines]) => ({ reason, lines })),
    ambiguousDates: { plays: 0n, unsure: 0n, takenAs: 'month first' },
  }
}

test('breaks and podcasts do not refuse an input', () => {
  expect(() => checkQuarantine(ledger({ 'no song': 40n, 'no time': 3n }), 5)).not.toThrow()
})

test('the others count beside the songs alone', () => {
  expect(() => checkQuarantine(ledger({ 'no song': 40n, 'no time': 4n }), 5)).toThrow('4 of 60 rows (6.7 %)')
})

test('an input that is mostly no songs is misread', () => {
  expect(() => checkQuarantine(ledger({ 'no song': 60n }), 5)).toThrow('60 of 100 rows (60.0 %)')
})
