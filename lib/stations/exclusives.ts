import type { PlayLog, StationLog, Title } from './play-log.ts'
import { byName } from './turnover.ts'

interface Only<Name> {
  readonly count: number
  readonly spins: number
  /** Of all spins of the station. */
  readonly share: number
  /** Most spins first. */
  readonly list: readonly (Name & { readonly spins: number })[]
}

/** Question 11: what do only we play? Between the station's first and last spin no other station of the log played it. */
export interface Exclusives {
  readonly titles: Only<Title>
  readonly acts: Only<{ readonly artist: string }>
}

const listed = 20

/** Of each title and of each act, the stations that play it: what `exclusivesOf` needs of the whole log, made once. */
export function wherePlayed({ stations, titles, acts }: PlayLog) {
  const ofTitles: number[][] = titles.map(() => [])
  const ofActs: number[][] = acts.map(() => [])
  for (const [station, { spinsOf, spinsOfAct }] of stations.entries()) {
    for (const title of spinsOf.keys()) ofTitles[title]!.push(station)
    for (const act of spinsOfAct.keys()) ofActs[act]!.push(station)
  }
  return { titles: ofTitles, acts: ofActs }
}

/** Null: the log has one station only. */
export function exclusivesOf(
  log: PlayLog,
  station: StationLog,
  where: ReturnType<typeof wherePlayed>,
): Exclusives | null {
  if (log.stations.length < 2) return null
  const { times, spinsOf, spinsOfAct } = station
  const number = log.stations.indexOf(station)
  const [from, to] = [times[0]!, times.at(-1)!]
  const isElsewhere = (others: readonly number[], spins: (other: StationLog) => readonly number[]) =>
    others.some((other) => {
      if (other === number) return false
      const there = log.stations[other]!
      return spins(there).some((spin) => there.times[spin]! >= from && there.times[spin]! <= to)
    })
  const titles = [...spinsOf]
    .filter(([title]) => log.actOf[title]! >= 0)
    .filter(([title]) => !isElsewhere(where.titles[title]!, (other) => other.spinsOf.get(title)!))
    .map(([title, { length }]) => ({ ...log.titles[title]!, spins: length }))
  const acts = [...spinsOfAct]
    .filter(([act]) => !isElsewhere(where.acts[act]!, (other) => other.spinsOfAct.get(act)!))
    .map(([act, { length }]) => ({ artist: log.acts[act]!, spins: length }))
  return {
    titles: only(titles, times.length, byName),
    acts: only(acts, times.length, (a, b) => (a.artist < b.artist ? -1 : 1)),
  }
}

function only<Name>(
  all: (Name & { readonly spins: number })[],
  of: number,
  order: (a: Name, b: Name) => number,
): Only<Name> {
  const spins = all.reduce((sum, each) => sum + each.spins, 0)
  const list = all.sort((a, b) => b.spins - a.spins || order(a, b)).slice(0, listed)
  return { count: all.length, spins, share: spins / of, list }
}
