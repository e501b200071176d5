import { describe, expect, test } from '@jest/globals'
import { bareName, bCubed, worstMerges, worstSplits } from '../../lib/plays/names/bcubed.ts'

// Computed by hand. Label a has 3 plays (2 in cluster X, 1 in Y), label b has 2 (both in Y).
// Precision: 2 plays × 2/2 + 1 play × 1/3 + 2 plays × 2/3 = 2 + 1/3 + 4/3 = 11/3, over 5 plays.
// Recall: 2 × 2/3 + 1 × 1/3 + 2 × 2/2 = 4/3 + 1/3 + 2 = 11/3, over 5 plays.
const byHand = [
  { cluster: 'X', label: 'a', plays: 2 },
  { cluster: 'Y', label: 'a', plays: 1 },
  { cluster: 'Y', label: 'b', plays: 2 },
]

describe('B-cubed', () => {
  test('of five plays, by hand', () => {
    const score = bCubed(byHand)
    expect(score.precision).toBeCloseTo(11 / 15, 12)
    expect(score.recall).toBeCloseTo(11 / 15, 12)
    expect(score.f1).toBeCloseTo(11 / 15, 12)
  })

  test('groups may come in pieces and in any order', () => {
    const pieces = [
      byHand[2]!,
      { cluster: 'X', label: 'a', plays: 1 },
      byHand[1]!,
      { cluster: 'X', label: 'a', plays: 1 },
    ]
    expect(bCubed(pieces).f1).toBeCloseTo(bCubed(byHand).f1, 12)
  })

  test('a play without a name counts as recall 0 and harms no cluster', () => {
    const score = bCubed([
      { cluster: 'X', label: 'a', plays: 1 },
      { cluster: null, label: 'a', plays: 1 },
    ])
    expect(score.precision).toBe(1)
    // One play finds half of its label, the other nothing.
    expect(score.recall).toBeCloseTo(0.25, 12)
  })

  test('everything in one cluster: recall 1, precision the sum of squared shares', () => {
    const score = bCubed([
      { cluster: 'X', label: 'a', plays: 3 },
      { cluster: 'X', label: 'b', plays: 1 },
    ])
    expect(score.recall).toBe(1)
    expect(score.precision).toBeCloseTo(9 / 16 + 1 / 16, 12)
  })

  test('of nothing is perfect', () => expect(bCubed([])).toEqual({ precision: 1, recall: 1, f1: 1 }))
})

test('worst splits and merges say what they cost', () => {
  expect(worstSplits(byHand, 5)).toEqual([
    {
      name: 'a',
      cost: expect.closeTo(4 / 3, 9),
      parts: [
        { name: 'X', plays: 2 },
        { name: 'Y', plays: 1 },
      ],
    },
  ])
  expect(worstMerges(byHand, 5)).toEqual([
    {
      name: 'Y',
      cost: expect.closeTo(4 / 3, 9),
      parts: [
        { name: 'b', plays: 2 },
        { name: 'a', plays: 1 },
      ],
    },
  ])
})

test.each([
  ['The Beatles', 'BEATLES'],
  ['Mötley Crüe', 'Motley Crue'],
  ['AC/DC', 'ac dc'],
  ["(I Can't Get No) Satisfaction", 'I Cant Get No Satisfaction'],
  ['Мумий Тролль', 'мумий тролль'],
])('%s is the right name for %s', (name, label) => expect(bareName(name)).toBe(bareName(label)))

test.each([
  ['The Band', 'Band of Gypsys'],
  ['Theory', 'ory'],
])('%s is not the right name for %s', (name, label) => expect(bareName(name)).not.toBe(bareName(label)))
