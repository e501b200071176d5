import { expect, test } from '@jest/globals'
import { isOverLimit, quarantineError } from '../../lib/plays/index.ts'

const counts = (reasons: Readonly<Record<string, bigint>>) => ({
  rowsIn: 100n,
  quarantined: Object.values(reasons).reduce((sum, lines) => sum + lines, 0n),
  reasons: Object.entries(reasons).map(([reason, lines]) => ({ reason, lines })),
})

test('breaks and podcasts do not refuse an input, the others count beside the songs alone', () => {
  expect(isOverLimit(counts({ 'no song': 40n, 'no time': 3n }), 5)).toBe(false)
  const over = counts({ 'no song': 40n, 'no time': 4n })
  expect(isOverLimit(over, 5)).toBe(true)
  expect(quarantineError(over, 5, []).message).toMatch(/^4 of 60 rows \(6\.7 %\)/)
})

test('an input that is mostly no songs is misread', () => {
  expect(quarantineError(counts({ 'no song': 60n }), 5, []).message).toMatch(/^60 of 100 rows \(60\.0 %\)/)
})

test('shows up to three lines of each reason, with file and line, and what to do', () => {
  const examples = [4n, 7n, 9n, 12n].map((source_line) => ({
    reason: 'no time',
    source_file: 'a.csv',
    source_line,
    line: `Queen,${'x'.repeat(80)}`,
  }))
  const { place, remedy } = quarantineError(counts({ 'no time': 20n }), 5, examples)
  expect(place).toMatch(/^no time: a\.csv:4 "Queen,x{54}…", a\.csv:7 .*, a\.csv:9 "Queen,x+…"$/)
  expect(remedy).toMatch(/--inspect.*--max-quarantine 20$/)
})
