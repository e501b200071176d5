import type { Decision } from '../../model/decisions.ts'
import type { RowState, WorkArtist } from '../../model/lookups.ts'
import { fileTitle, uploadedFile } from '../images.ts'
import { normName } from '../match/names.ts'

/** What rows and summaries call the source of a person's word. */
export const byHand = 'override'

/** What a person decided about one act and its songs; where nothing, the services decide. */
export class ActDecisions {
  mbid: string | null = null
  readonly refused = new Set<string>()
  picture: { readonly file: string } | { readonly address: string } | 'none' | null = null
  readonly #songs = new Map<string, string>()

  add({ verdict, title, value }: Decision): void {
    if (title !== undefined) this.#songs.set(normName(title), value.toLowerCase())
    else if (verdict === 'mbid') this.mbid = value.toLowerCase()
    else if (verdict === 'not mbid') this.refused.add(value.toLowerCase())
    else this.picture = verdict === 'no picture' ? 'none' : pictureOf(value)
  }

  songMbid(title: string): string | null {
    return this.#songs.get(normName(title)) ?? null
  }

  /** Whether what is credited to these acts may be our act's. */
  allows(mbids: readonly string[]): boolean {
    return (this.mbid === null || mbids.includes(this.mbid)) && !mbids.some((id) => this.refused.has(id))
  }

  /** What answers about its songs depend on beside their names; empty: nothing. */
  get scope(): string {
    return this.mbid ?? [...this.refused].sort().join()
  }
}

const undecided = new ActDecisions()

// The address of a file at Commons names it; every other address stands for itself.
function pictureOf(value: string): { readonly file: string } | { readonly address: string } {
  const upload = uploadedFile(value)
  const file = fileTitle(upload === null ? value : safelyDecoded(upload))
  return file === null ? { address: value } : { file }
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A person's word about look-ups, by act. */
export class Decisions {
  readonly #acts = new Map<string, ActDecisions>()
  readonly #unused = new Map<string, Set<Decision>>()

  constructor(decisions: readonly Decision[]) {
    for (const decision of decisions) {
      const key = normName(decision.artist)
      const act = this.#acts.get(key) ?? new ActDecisions()
      this.#acts.set(key, act)
      act.add(decision)
      this.#unused.set(key, (this.#unused.get(key) ?? new Set()).add(decision))
    }
  }

  of(artist: string): ActDecisions {
    return this.#acts.get(normName(artist)) ?? undecided
  }

  /** Whether the row of the act, or of a song, says something else than a person does now. */
  outdated(one: WorkArtist): { readonly identity: boolean; readonly artist: boolean; song(title: string): boolean } {
    const act = this.of(one.artist)
    this.#use(one)
    const identity = one.state !== null && isOtherAct(act, one.state)
    return {
      identity,
      artist: identity || (one.state !== null && isOtherPicture(act, one.state)),
      song: (title) => {
        const state = one.songs.find(({ song }) => song === title)?.state
        if (!state) return false
        const decided = act.songMbid(title)
        return identity || (decided === null ? state.method === byHand : state.mbid !== decided)
      },
    }
  }

  #use({ artist, songs }: WorkArtist): void {
    const key = normName(artist)
    for (const decision of this.#unused.get(key) ?? []) {
      const { title } = decision
      if (title === undefined || songs.some(({ song }) => normName(song) === normName(title))) {
        this.#unused.get(key)?.delete(decision)
      }
    }
  }

  /** What is about nobody who is played, once all acts have come by. */
  get unused(): readonly Decision[] {
    return [...this.#unused.values()].flatMap((some) => [...some]).sort((a, b) => a.row - b.row)
  }
}

function isOtherAct(act: ActDecisions, { mbid, method }: RowState): boolean {
  if (act.mbid !== null) return mbid !== act.mbid
  return method === byHand || (mbid !== null && act.refused.has(mbid))
}

function isOtherPicture({ picture }: ActDecisions, { image }: RowState): boolean {
  if (picture === null) return false
  if (picture === 'none') return image !== null
  if (image === null) return true
  return 'address' in picture
    ? image !== picture.address
    : !safelyDecoded(image).replace(/_/g, ' ').includes(picture.file)
}
