import { decoderOf } from './code-pages.ts'

/** Whether and how the letters of a text speak for an encoding: more is better, below zero is against it. */
type Judge = (text: string) => number

/** How much an accented letter is worth: those of many names more than those of few. */
const weights: readonly (readonly [letters: string, weight: number])[] = [
  ['é', 3],
  ['öüäóáíñè', 2.5],
  ['çåøãúà', 2],
  ['ßæêôë', 1.5],
  ['ïùâ', 1.2],
  ['ûîõœòìÿ', 0.8],
]
const western = new Map(weights.flatMap(([letters, weight]) => [...letters].map((letter) => [letter, weight] as const)))
const eastern = new Map([...western, ...[...'łąęśćżźńčěšžřůőűťďň'].map((letter) => [letter, 2] as const)])
const quotes = '’‘“”–…'

/** Latin letters: an accented letter is small between small ones and rarely beside another; signs stand between words. */
const latin =
  (letters: ReadonlyMap<string, number>): Judge =>
  (text) => {
    let score = 0
    for (let i = 0; i < text.length; i++) {
      if (text[i]! >= '\u0080') score += worth(letters, text[i]!, text[i - 1] ?? ' ', text[i + 1] ?? ' ')
    }
    return score
  }

function worth(letters: ReadonlyMap<string, number>, c: string, before: string, after: string): number {
  const isLetter = (each: string) => /\p{L}/u.test(each)
  const isCapital = (each: string) => /\p{Lu}/u.test(each)
  if (quotes.includes(c)) return isLetter(before) && isLetter(after) && c !== '’' ? -3 : 1.5
  if (!isLetter(c)) return isLetter(before) || isLetter(after) ? -4 : -1
  const weight = letters.get(c.toLowerCase()) ?? -1
  const crowded = before >= '\u0080' && isLetter(before) ? 2.5 : 0
  if (!isCapital(c))
    return (
      (isLetter(before) ? weight : Math.min(weight, 0.5)) - crowded - (isCapital(before) && isCapital(after) ? 4 : 0)
    )
  if (!isLetter(before) && !isLetter(after)) return 0
  return Math.min(weight, 1.5) - crowded - (isLetter(before) && !isCapital(before) ? 5 : 0)
}

const usualCyrillic = 'оеаинтсрвлкмдпуя'

/** Cyrillic letters: whole words of them, capitals at their beginning, the usual letters more often. */
const cyrillic: Judge = (text) => {
  let score = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c < '\u0080') continue
    const before = text[i - 1] ?? ' '
    if (!/\p{Script=Cyrillic}/u.test(c)) score -= /[«»№—–…“”„]/.test(c) ? 0 : 3
    else {
      score += usualCyrillic.includes(c.toLowerCase()) ? 1 : 0.3
      if (/\p{Lu}/u.test(c) && /\p{Ll}/u.test(before)) score -= 3
      if (/[A-Za-z]/.test(before) || /[A-Za-z]/.test(text[i + 1] ?? ' ')) score -= 3
    }
  }
  return score
}

const japanese: Judge = (text) => {
  let score = 0
  let before = ''
  for (const c of text) {
    if (c < '\u0080') {
      before = c
      continue
    }
    if (/[ぁ-ヿ]/u.test(c)) score += 2.5
    else if (/\p{Script=Han}/u.test(c)) score += 0.5
    else score -= /[\uff61-\uff9f\ufffd]/.test(c) ? 4 : 0
    if (/[A-Za-z]/.test(before)) score -= 4
    before = c
  }
  return score
}

const usualHan = new Set(
  '的一是不了在人有我他这中大来上国个到说们为子和你地出会也时要就可以对生能而那得着下自之年过后作里用道行所然家想看爱情心天风雨花夜月星光梦歌海山水雪云春秋红白黑飞走没只好小多如无当手女男生老朋友再见世界北京城车路回忆思念泪笑吻永远美丽王李张周林陈刘邓',
)
const chinese: Judge = (text) => {
  let score = 0
  for (const c of text) {
    if (c < '\u0080') continue
    if (usualHan.has(c)) score += 3
    else score += /\p{Script=Han}/u.test(c) ? -0.2 : /[，。！？、（）《》“”‘’…·]/u.test(c) ? 0.5 : -4
  }
  return score
}

// Of equals the first: what is most common comes first. What is rare in logs must be better by its `handicap`.
const candidates: readonly (readonly [name: string, judge: Judge, handicap?: number])[] = [
  ['windows-1252', latin(western)],
  ['macintosh', latin(western)],
  ['cp850', latin(western)],
  ['cp437', latin(western), 1],
  ['windows-1250', latin(eastern), 4],
  ['windows-1251', cyrillic],
  ['koi8-r', cyrillic],
  ['ibm866', cyrillic, 1],
  ['shift_jis', japanese],
  ['gbk', chinese],
]

/** An encoding in which less is gained over Windows-1252 is not believed. */
const minLead = 2
const maxJudgedBytes = 32_768

export interface EncodingGuess {
  readonly name: string
  /** Whether its letters speak for it; else it is only the most common one. */
  readonly sure: boolean
}

/** The encoding whose letters the bytes are most likely, judged by lines that are not UTF-8. */
export function guessEncoding(lines: readonly Buffer[]): EncodingGuess {
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])).subarray(0, maxJudgedBytes)
  const scores = candidates.map(([name, judge, handicap = 0]) => ({
    name,
    score: judge(decoderOf(name).decode(bytes)) - handicap,
  }))
  const [usual] = scores
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a))
  if (best === usual) return { name: best.name, sure: best.score > 0 }
  return best.score > 0 && best.score - usual!.score >= minLead
    ? { name: best.name, sure: true }
    : { name: usual!.name, sure: false }
}
