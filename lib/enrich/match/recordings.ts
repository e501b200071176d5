import { year } from '../json.ts'
import { type Credit, matchCredits, type WantedActs } from './credits.ts'
import { earliest, type RecordingDescription } from './descriptions.ts'
import { readTitle, type TitleTag, titleScore } from './titles.ts'
/** One recording as a search shows it. */
export interface Recording {
  readonly mbid: string
  readonly title: string
  readonly lengthMs: number | null
  readonly video: boolean
  readonly credits: readonly Credit[]
  /** On an official album, single or EP that is not a live record, remix, demo or the like. */
  readonly studio: boolean
  /** Every known release of it is a live record, or it says so itself. */
  readonly live: boolean
  readonly releases: number
  readonly firstDate: string | null
  /** Left out where nothing is known. */
  readonly description?: RecordingDescription
}

export interface WantedTrack extends WantedActs {
  readonly title: string
}

export interface ChosenRecording {
  readonly recording: Recording
  /** The credit that is our artist. */
  readonly credit: Credit
  readonly score: number
  /** `title+id` or `title+name`, `…:version` when only a live, demo or remixed recording carries the title, or
   * only a studio one although ours says live. */
  readonly method: string
  /** Another kind of recording than our title names: live, a demo, a remix. */
  readonly demoted: boolean
}

const demoting: readonly TitleTag[] = ['live', 'demo', 'remix', 'karaoke', 'instrumental']

/**
 * The recording that a station most likely played, or null.
 *
 * The title must agree, our artist must be credited and it must not be a video. Then in this order: live if our title says
 * so and only then, not demo, remix or karaoke unless it says that; on an official album or single; with a length; on more releases; earlier; by id.
 */
export function chooseRecording(wanted: WantedTrack, hits: readonly Recording[]): ChosenRecording | null {
  return rankRecordings(wanted, hits)[0] ?? null
}

/** All that may be the recording that a station played, most likely first. */
function rankRecordings(wanted: WantedTrack, hits: readonly Recording[]): ChosenRecording[] {
  const ours = readTitle(wanted.title)
  const fitting: { choice: ChosenRecording; title: number }[] = []
  for (const recording of hits) {
    if (recording.video) continue
    const theirs = readTitle(recording.title)
    const title = titleScore(ours, theirs)
    if (title === 0) continue
    const match = matchCredits(wanted, recording.credits)
    if (match === null || match.how === 'homonym') continue
    const tagged = demoting.some((tag) => theirs.tags.has(tag) && !ours.tags.has(tag))
    const live = theirs.tags.has('live') || recording.live
    const demoted = tagged || live !== ours.tags.has('live')
    const score = title * match.score * (demoted ? 0.85 : 1)
    const method = `${match.how === 'id' ? 'title+id' : 'title+name'}${demoted ? ':version' : ''}`
    fitting.push({ choice: { recording, credit: match.credit, score: round(score), method, demoted }, title })
  }
  fitting.sort(
    (a, b) =>
      Number(a.choice.demoted) - Number(b.choice.demoted) ||
      b.title - a.title ||
      Number(b.choice.recording.studio) - Number(a.choice.recording.studio) ||
      Number(b.choice.recording.lengthMs !== null) - Number(a.choice.recording.lengthMs !== null) ||
      b.choice.recording.releases - a.choice.recording.releases ||
      (a.choice.recording.firstDate ?? '9').localeCompare(b.choice.recording.firstDate ?? '9') ||
      (a.choice.recording.mbid < b.choice.recording.mbid ? -1 : 1),
  )
  return fitting.map(({ choice }) => choice)
}

const round = (score: number) => Math.round(score * 1000) / 1000

/** What may be our song of what a search brought: at most eight, the best first, so that the cache stays small. */
export function fittingRecordings(wanted: WantedTrack, found: readonly Recording[]): Recording[] {
  const ours = readTitle(wanted.title)
  const fitting = found.filter(
    (one) => !one.video && titleScore(ours, readTitle(one.title)) > 0 && matchCredits(wanted, one.credits) !== null,
  )
  const ranked = rankRecordings(wanted, fitting)
  const [first] = ranked
  if (first === undefined) return []
  const best: Recording[] = []
  for (const { recording } of ranked) {
    if (best.length < 8 && !best.some((one) => one.mbid === recording.mbid)) best.push(recording)
  }
  const [head = first.recording, ...rest] = best
  const songYear = firstYear(first, fitting)
  return songYear ? [{ ...head, description: { ...head.description, year: songYear } }, ...rest] : [head, ...rest]
}

/** The year in which the chosen recording's act first released the song, over all of its recordings. */
export function firstYear(choice: ChosenRecording, recordings: readonly Recording[]): number | null {
  const own = recordings.filter((one) => one.credits.some((credit) => credit.mbid === choice.credit.mbid))
  return earliest(own.flatMap((one) => [year(one.firstDate), one.description?.year]))
}
