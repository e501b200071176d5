import type { ExplainedArtist, ExplainedPlay } from '../store/index.ts'
import type { Result } from './render.ts'
import { resultOf } from './render.ts'

/** What became of a play on its way, step by step: each with what it had then and why it changed. */
export interface Step {
  readonly step: string
  readonly artist: string | null
  readonly song: string | null
  readonly how: string
}

/** raw → repaired → cleaned → key → rule → canonical, as far as the tables tell. */
export function stepsOf(explained: ExplainedPlay): readonly Step[] {
  const { play, artistName, songName, artistLookup, trackLookup } = explained
  const line = play.source_line === null ? '' : `:${play.source_line}`
  const place = play.source_file === null ? 'place not known' : `${play.source_file}${line}`
  const steps: Step[] = []
  if (play.original_line !== null) {
    steps.push({ step: 'line', artist: null, song: play.original_line, how: place })
    steps.push({
      step: 'repaired',
      artist: play.raw_artist,
      song: play.raw_song,
      how: `rule ${play.repair_rule ?? 'not known'}`,
    })
  } else {
    steps.push({ step: 'raw', artist: play.raw_artist, song: play.raw_song, how: place })
  }
  const aside = setAside(explained)
  if (artistName?.name_key != null && songName?.name_key != null) {
    steps.push({
      step: 'cleaned',
      artist: artistName.cleaned,
      song: songName.cleaned,
      how: aside.cleaned.join('; '),
    })
    steps.push({ step: 'key', artist: artistName.name_key, song: songName.name_key, how: 'names are compared by it' })
  }
  steps.push({
    step: 'resolved',
    artist: play.artist_clean,
    song: play.song_clean,
    how: [
      artistName && `artist by ${methodText(artistName)}`,
      songName && `song by ${methodText(songName)}`,
      ...aside.resolved,
    ]
      .filter(Boolean)
      .join('; '),
  })
  const artist = artistLookup?.artist_lastfm ?? artistLookup?.canonical_name ?? null
  const song = trackLookup?.song_lastfm ?? trackLookup?.canonical_title ?? null
  if (artist !== null || song !== null) {
    const ids = [
      artistLookup?.mbid && `artist ${artistLookup.mbid}`,
      trackLookup?.recording_mbid && `recording ${trackLookup.recording_mbid}`,
    ]
    const source = artistLookup?.canonical_source ?? trackLookup?.canonical_source
    steps.push({ step: 'canonical', artist, song, how: [source && `by ${source}`, ...ids].filter(Boolean).join('; ') })
  }
  steps.push({
    step: 'counted',
    artist: null,
    song: null,
    how: `${play.callsign} at ${new Date(play.time_unix * 1000).toISOString()} (read "${play.time}")`,
  })
  return steps
}

/** What was taken off the names, and in which step: what cleaning left in a name went when that was resolved. */
function setAside({ play, artistName, songName }: ExplainedPlay): Record<'cleaned' | 'resolved', readonly string[]> {
  const said: Record<'cleaned' | 'resolved', string[]> = { cleaned: [], resolved: [] }
  const holds = (name: string | null | undefined, text: string) =>
    name?.toLowerCase().includes(text.toLowerCase()) ?? false
  const say = (what: string, text: string | null, cleaned: string | null | undefined, clean: string) => {
    if (text === null) return
    const step = holds(cleaned, text) && !holds(clean, text) ? 'resolved' : 'cleaned'
    said[step].push(`${what} "${text}" set aside`)
  }
  say('version', play.version, songName?.cleaned, play.song_clean)
  say('guest', play.featured, artistName?.cleaned, play.artist_clean)
  return said
}

/** The spellings of artists: raw → cleaned → key → rule, score and evidence → what they became. */
export function spellingsOf(explained: readonly ExplainedArtist[]): Result {
  return resultOf(
    ['raw_artist', 'cleaned', 'key', 'method', 'score', 'evidence', 'artist', 'plays', 'canonical', 'mbid'],
    explained.flatMap(({ artist, lookup, spellings }) =>
      spellings.map((each) => ({
        raw_artist: each.raw_artist,
        cleaned: each.cleaned,
        key: each.name_key,
        method: each.method,
        score: each.score,
        evidence: each.evidence,
        artist: artist.artist_clean,
        plays: each.plays,
        canonical: lookup?.artist_lastfm ?? lookup?.canonical_name ?? null,
        mbid: lookup?.mbid ?? null,
      })),
    ),
  )
}

interface Decision {
  readonly method: string
  readonly score: number | null
  readonly evidence: string | null
}

function methodText({ method, score, evidence }: Decision): string {
  const rule = score === null ? method : `${method} (${score.toFixed(3)})`
  return evidence === null ? rule : `${rule}: ${evidence}`
}
