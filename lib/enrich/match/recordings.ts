import { artistScore } from './artists.ts'
import { readTitle, type TitleTag, titleScore } from './titles.ts'
export interface Credit {
  readonly mbid: string
  readonly name: string
}

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
}

export interface WantedTrack {
  readonly title: string
  /** Acceptable artists by id; empty: the credit's name must carry `artist`. */
  readonly artistMbids: readonly string[]
  readonly artist: string
}

export interface ChosenRecording {
  readonly recording: Recording
  /** The credit that is our artist. */
  readonly credit: Credit
  readonly score: number
  /** `title+id` or `title+name`, `…:version` when only a live, demo or remixed recording carries the title, or
   * only a studio one although ours says live. */
  readonly method: string
}

const demoting: readonly TitleTag[] = ['live', 'demo', 'remix', 'karaoke', 'instrumental']

/**
 * The recording that a station most likely played, or null.
 *
 * The title must agree, our artist must be credited and it must not be a video. Then in this order: live if our title says
 * so and only then, not demo, remix or karaoke unless it says that; on an official album or single; with a length; on more releases; earlier; by id.
 */
export function chooseRecording(wanted: WantedTrack, hits: readonly Recording[]): ChosenRecording | null {
  const ours = readTitle(wanted.title)
  const fitting: { choice: ChosenRecording; demoted: boolean; title: number }[] = []
  for (const recording of hits) {
    if (recording.video) continue
    const theirs = readTitle(recording.title)
    const title = titleScore(ours, theirs)
    if (title === 0) continue
    const byId = recording.credits.find((credit) => wanted.artistMbids.includes(credit.mbid))
    const byName = wanted.artistMbids.length > 0 ? undefined : bestCredit(wanted.artist, recording.credits)
    const credit = byId ?? byName?.credit
    if (!credit) continue
    const tagged = demoting.some((tag) => theirs.tags.has(tag) && !ours.tags.has(tag))
    const live = theirs.tags.has('live') || recording.live
    const demoted = tagged || live !== ours.tags.has('live')
    const score = title * (byId ? 1 : (byName?.score ?? 0)) * (demoted ? 0.85 : 1)
    const method = `${byId ? 'title+id' : 'title+name'}${demoted ? ':version' : ''}`
    fitting.push({ choice: { recording, credit, score: round(score), method }, demoted, title })
  }
  fitting.sort(
    (a, b) =>
      Number(a.demoted) - Number(b.demoted) ||
      b.title - a.title ||
      Number(b.choice.recording.studio) - Number(a.choice.recording.studio) ||
      Number(b.choice.recording.lengthMs !== null) - Number(a.choice.recording.lengthMs !== null) ||
      b.choice.recording.releases - a.choice.recording.releases ||
      (a.choice.recording.firstDate ?? '9').localeCompare(b.choice.recording.firstDate ?? '9') ||
      (a.choice.recording.mbid < b.choice.recording.mbid ? -1 : 1),
  )
  return fitting[0]?.choice ?? null
}

function bestCredit(artist: string, credits: readonly Credit[]): { credit: Credit; score: number } | undefined {
  let best: { credit: Credit; score: number } | undefined
  for (const credit of credits) {
    const score = artistScore(artist, credit)
    if (score > 0 && score > (best?.score ?? 0)) best = { credit, score }
  }
  return best
}

const round = (score: number) => Math.round(score * 1000) / 1000
