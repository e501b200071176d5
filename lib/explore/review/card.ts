import { createHash } from 'node:crypto'
import type { OverrideLine } from '../../input/index.ts'
import type { NameSide, PairFacts } from '../../store/index.ts'
import { count, plural } from '../../terminal.ts'

/** What a person can say of a card; `later` is written nowhere. */
export type Answer = 'same' | 'different' | 'later'

/** A pair to be decided, with what speaks for and against it. */
export interface Card extends PairFacts {
  /** The same in every run, as long as the names are. */
  readonly id: string
}

const idOf = (parts: readonly (string | null)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)

/** A pair as a card. */
export function cardOf(facts: PairFacts): Card {
  const { kind, verdict, a, b, artist } = facts.pair
  return { ...facts, id: idOf([kind, verdict === 'mbid' ? 'mbid' : 'name', a, b, artist]) }
}

/** Identifies a row of the overrides file by what it says. */
export function lineId({ verdict, a, b, artist }: OverrideLine): string {
  return idOf(['line', verdict, a, b, artist])
}

/** The row that an answer writes: of a looked-up act `same` means that the id is right. */
export function lineOf({ pair }: Card, answer: Exclude<Answer, 'later'>): OverrideLine {
  const verdict = pair.verdict !== 'mbid' ? answer : answer === 'same' ? 'mbid' : 'not mbid'
  return { verdict, a: pair.a.trim(), b: pair.b.trim(), artist: pair.artist?.trim() ?? '' }
}

/** Whether a row of the file is about the names of the card, in any order. */
export function isAbout(line: OverrideLine, card: Card): boolean {
  const { verdict, a, b, artist } = lineOf(card, 'same')
  const ofNames = line.verdict === 'same' || line.verdict === 'different'
  if (verdict === 'mbid')
    return /^(not )?mbid$/.test(line.verdict) && line.a === a && line.b === b && line.artist === ''
  if (!ofNames || line.artist !== artist) return false
  return (line.a === a && line.b === b) || (line.a === b && line.b === a)
}

/** Plays that get another name if the answer is written. */
export function movedBy({ moves }: Card, verdict: string): number {
  return verdict === 'same' ? moves.same : verdict === 'different' ? moves.different : 0
}

/** What the two names have in common, a sentence each. */
export function sharedBy(card: Card): readonly string[] {
  const { pair, a, b, commonTitles } = card
  if (pair.verdict === 'mbid') return []
  const said: string[] = []
  if (commonTitles.count > 0) {
    const more = commonTitles.count > commonTitles.first.length ? ', …' : ''
    said.push(`${plural(commonTitles.count, 'title')} in common: ${commonTitles.first.join(', ')}${more}`)
  }
  const stations = commonStations(a, b)
  if (stations.length === 0 && a.plays > 0 && b.plays > 0) said.push('no station writes both names')
  if (apart(card) && a.mbid !== null && a.mbid === b.mbid) said.push('one MusicBrainz id')
  if (apart(card) && a.about !== null && a.about === b.about) said.push(a.about)
  if (apart(card) && a.durationMs !== null && b.durationMs !== null && Math.abs(a.durationMs - b.durationMs) <= 3000)
    said.push(`the same length, ${minutes(a.durationMs)}`)
  return said
}

/** What speaks against one name, a sentence each. */
export function againstIt(card: Card): readonly string[] {
  const { pair, a, b, commonTitles } = card
  if (pair.verdict === 'mbid') return [pair.why ?? '']
  const said: string[] = []
  if (pair.kind === 'artist' && commonTitles.count === 0) said.push('no title in common')
  const twice = commonStations(a, b).filter((name) => [a, b].every((side) => playsOn(side, name) >= 2))
  if (twice.length > 0) {
    const each = twice.length === 1 ? 'writes' : 'write'
    said.push(`${stationsText(twice)} ${each} both names, each at least twice`)
  }
  if (apart(card) && a.mbid !== null && b.mbid !== null && a.mbid !== b.mbid) said.push('two MusicBrainz ids')
  if (apart(card) && a.about !== null && b.about !== null && a.about !== b.about) said.push(`${a.about} and ${b.about}`)
  if (apart(card) && a.durationMs !== null && b.durationMs !== null && Math.abs(a.durationMs - b.durationMs) > 15_000)
    said.push(`lengths differ: ${minutes(a.durationMs)} and ${minutes(b.durationMs)}`)
  return said
}

/** What was looked up is known of both sides only where they are two names now. */
const apart = ({ pair }: Card) => pair.verdict === 'different'

const playsOn = (side: NameSide, name: string) => side.stations.find(({ callsign }) => callsign === name)?.plays ?? 0
const commonStations = (a: NameSide, b: NameSide) =>
  a.stations.map(({ callsign }) => callsign).filter((name) => playsOn(b, name) > 0)
const stationsText = (names: readonly string[]) =>
  `${plural(names.length, 'station')} (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`
const minutes = (ms: number) => {
  const all = Math.round(ms / 1000)
  return `${count(Math.floor(all / 60))}:${String(all % 60).padStart(2, '0')}`
}
