import { memoized } from './names.ts'

/** Jaro–Winkler similarity, 0…1, of two strings (prefix weight 0.1, prefix at most 4). */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const left = Array.from(a)
  const right = Array.from(b)
  if (left.length === 0 || right.length === 0) return 0
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1)
  const taken = new Array<boolean>(right.length).fill(false)
  const matched: string[] = []
  left.forEach((letter, at) => {
    for (let to = Math.max(0, at - reach); to <= Math.min(right.length - 1, at + reach); to++) {
      if (!taken[to] && right[to] === letter) {
        taken[to] = true
        matched.push(letter)
        return
      }
    }
  })
  if (matched.length === 0) return 0
  const others = right.filter((_, at) => taken[at])
  const swapped = matched.filter((letter, at) => letter !== others[at]).length / 2
  const m = matched.length
  const jaro = (m / left.length + m / right.length + (m - swapped) / m) / 3
  let prefix = 0
  while (prefix < 4 && left[prefix] === right[prefix] && prefix < Math.min(left.length, right.length)) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

// Two parts of a work differ in a number and in nothing else, however it is written: "Part 2", "Part II".
const romans = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii']
const numbersIn = memoized((normalised: string): string => {
  const words = normalised.split(' ')
  return words
    .map((word, at) => {
      const roman = romans.indexOf(word) + 1
      // "I" and "x" are mostly words of their own, unless they stand where a number does.
      const counts =
        roman > 0 && (word.length > 1 || /^(pt|part|parts|vol|volume|no|chapter|act)$/.test(words[at - 1] ?? ''))
      return counts ? String(roman) : word.replace(/\D/g, '')
    })
    .join('')
})
export const sameDigits = (a: string, b: string) => numbersIn(a) === numbersIn(b)
