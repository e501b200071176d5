import { AppError } from '../errors.ts'
import type { LookupTotals } from '../model/lookups.ts'
import { table } from '../terminal.ts'
import type { EnrichProgress, EnrichResult } from './options.ts'
import type { Plan } from './plan/plan.ts'
import { serviceAt } from './plan/steps.ts'

/** What people call a limit. */
const titleOf = (limit: string): string => serviceAt(limit)?.limit.title ?? limit

/** What no service has of its own. */
const reserveName = 'in reserve'

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

/** A span of time for people: `0.4 s`, `47 s`, `3 min 54 s`, `6 h 6 min`. */
export function span(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 120 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/**
 * The plan: a line per service with its requests and the time at its documented limit; the last line is the total.
 *
 * @param artists how many the database holds, to say why nothing is due
 */
export function planText(plan: Plan, artists: number): string {
  const names = plan.lines.map((line) => titleOf(line.service))
  const width = Math.max(0, ...names.map((name) => name.length), plan.reserve > 0 ? reserveName.length : 0)
  const digits = Math.max(0, ...plan.lines.map((line) => whole(line.requests).length), whole(plan.reserve).length)
  const lines = plan.lines.map((line) => {
    const steps = [...line.steps].map(([step, count]) => `${step.slice(step.indexOf('.') + 1)} ${whole(count)}`)
    return `${titleOf(line.service).padEnd(width)}  ${whole(line.requests).padStart(digits)} requests  ${span(line.ms).padStart(12)}  (${steps.join(', ')})`
  })
  if (plan.reserve > 0) {
    lines.push(
      `${reserveName.padEnd(width)}  ${whole(plan.reserve).padStart(digits)} requests  (for what answers lead to)`,
    )
  }
  if (lines.length === 0) lines.push(artists === 0 ? noArtists : 'nothing is due: every answer is in the cache')
  else lines.push(...rangeLines(plan))
  return [...lines, `total requests: ${plan.requests}`].join('\n')
}

function rangeLines({ range }: Plan): string[] {
  const [expected, max] = range.requests
  const [usual, busy] = range.ms
  const isRange = span(usual) !== span(busy)
  const retries = range.retries > 0 ? `, and up to ${whole(range.retries)} retries where services are busy` : ''
  return [
    `all at once: about ${span(usual)}${isRange ? `, up to ${span(busy)} where services are busy` : ''}`,
    `expected: ${expected === max ? whole(max) : `${whole(expected)} to ${whole(max)}`} requests${retries}`,
  ]
}

/** How far a run is, in one line. */
export function progressText(now: EnrichProgress): string {
  const of = ({ done, total }: { readonly done: number; readonly total: number }) => `${whole(done)} of ${whole(total)}`
  const silent = now.limiters
    .filter((limiter) => limiter.breaker !== 'working')
    .map((limiter) => titleOf(limiter.service))
  return [
    `${of(now.artists)} artists`,
    `${of(now.songs)} songs`,
    `${whole(now.pictures)} pictures`,
    `${of({ done: now.requests, total: now.planned })} requests`,
    ...(silent.length > 0 ? [`no answer from ${silent.join(', ')}`] : []),
    ...(now.leftMs === null ? [] : [`about ${span(now.leftMs)} left`]),
  ].join(', ')
}

const share = (part: number, all: number) => (all === 0 ? '–' : `${((100 * part) / all).toFixed(1)} %`)

/** The closing summary of a run. */
export function resultText(result: EnrichResult, totals: LookupTotals): string {
  const { artists, images, tracks } = result
  const row = (name: string, counts: { found: number; notFound: number; transient: number }) =>
    `${name.padEnd(9)} ${whole(counts.found).padStart(8)} found (${share(counts.found, counts.found + counts.notFound + counts.transient)}) ${whole(counts.notFound).padStart(8)} not found ${whole(counts.transient).padStart(8)} to be tried again`
  if (artists.total + tracks.total === 0) {
    const nothing = totals.artists === 0 ? noArtists : 'nothing is due: every answer is in the cache'
    return [nothing, ...known(totals), ''].join('\n')
  }
  const lines = [
    `${whole(artists.total)} artists and ${whole(tracks.total)} songs were due, ${whole(result.requests)} requests sent (${whole(result.retries)} retries) in ${span(result.elapsedMs)}`,
    `the cache answered ${whole(result.cached)} of ${whole(result.asked)} lookups, batches saved ${whole(result.saved)} requests`,
    '',
    row('names', artists),
    row('pictures', images),
    row('songs', tracks),
  ]
  if (result.left > 0) lines.push(`left for the next run, so that the plan was kept: ${whole(result.left)}`)
  if (result.degraded.length > 0) lines.push(`without: ${[...new Set(result.degraded)].join(', ')}`)
  if (result.providers.length > 0) {
    lines.push('', 'Answers by service')
    for (const { provider, kind, tally } of result.providers) {
      lines.push(
        `  ${`${provider} ${kind}`.padEnd(34)} ${whole(tally.requests).padStart(7)} requests ${whole(tally.asked).padStart(9)} asked  ${share(tally.found, tally.found + tally.absent).padStart(7)} known${tally.failed > 0 ? `  ${whole(tally.failed)} failed` : ''}`,
      )
    }
  }
  lines.push('', ...known(totals), '')
  return lines.join('\n')
}

const noArtists = 'the database holds no artists yet: run npm run job:aggregate first'

function known(totals: LookupTotals): string[] {
  if (totals.artists === 0) return []
  return [
    `Now known: ${share(totals.artistsWithMbid, totals.artists)} of artists by id, ${share(totals.artistsWithImage, totals.artists)} with a picture, ${share(totals.tracksFound, totals.tracks)} of songs, ${share(totals.tracksWithDuration, totals.tracks)} with a duration`,
    `Of all plays: ${share(totals.playsWithImage, totals.plays)} with a picture, ${share(totals.playsWithDuration, totals.plays)} with a duration`,
  ]
}

/** The plan as `--dry-run` prints it. */
export function planReport(plan: Plan, totals: LookupTotals, json = false): string {
  if (!json) return planText(plan, totals.artists)
  const lines = plan.lines.map((line) => ({ ...line, steps: Object.fromEntries(line.steps) }))
  return JSON.stringify({ version: 1, ...plan, lines })
}

/** Rows of the store, to show what a run found. */
export interface Samples {
  readonly artists: readonly {
    readonly artist_clean: string
    readonly licence: string | null
    readonly image_url: string | null
  }[]
  readonly tracks: readonly {
    readonly artist_clean: string
    readonly song_clean: string
    readonly duration_ms: number | null
  }[]
}

/** What a run prints at its end. */
export function runReport(run: {
  readonly result: EnrichResult
  readonly totals: LookupTotals
  readonly samples: Samples
  /** Address of the database. */
  readonly database: string
  readonly json?: boolean | undefined
}): string {
  const { result, totals, samples } = run
  if (run.json) return JSON.stringify({ version: 1, ...result, plan: result.plan.requests, totals })
  const pictures = samples.artists.map((one) => [one.artist_clean, one.licence ?? '', one.image_url ?? ''])
  const durations = samples.tracks.map((one) => [one.artist_clean, one.song_clean, clockTime(one.duration_ms ?? 0)])
  const next = totals.artists > 0 ? '. Next: npm run report, or npm run export' : ''
  return [
    resultText(result, totals),
    ...(pictures.length > 0 ? [`Pictures, for example\n${table(pictures, 70)}\n`] : []),
    ...(durations.length > 0 ? [`Durations, for example\n${table(durations, 60)}\n`] : []),
    `Database: ${run.database}${next}`,
  ].join('\n')
}

/** A length as players show it: `3:41`. */
function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** *Errors:* AppError `interrupted` for a run that was stopped; with `strict` `incomplete` for one that left something. */
export function checkEnd(result: EnrichResult, strict = false): void {
  if (result.end === 'stopped') throw new AppError('interrupted', 'stopped')
  if (strict && result.end === 'partial') {
    throw new AppError('incomplete', 'some lookups that were due could not be made', {
      remedy: 'run it again later; failed lookups are retried when they are due',
    })
  }
}
