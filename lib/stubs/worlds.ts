import type { MadeUpShares } from './world.ts'

/** How the services answer. */
export interface Era {
  readonly shares: MadeUpShares
  /** Thumbnails on a host of their own, tracking parameters, exact look-ups of many pairs. */
  readonly since2026: boolean
  /** Share of MusicBrainz' answers that say "too busy for anybody". */
  readonly shed: number
}

/**
 * `2025`: one to three recordings a song, fuzzy look-ups, nobody is busy · `2026`: as the services answer today · `hard`: twelve
 * recordings a song on average, three of four names exact, a third of MusicBrainz' answers shed.
 */
export const eras = {
  2025: { shares: {}, since2026: false, shed: 0 },
  2026: { shares: { recordings: 4, exact: 0.84 }, since2026: true, shed: 0 },
  hard: { shares: { recordings: 12, exact: 0.75 }, since2026: true, shed: 0.35 },
} as const satisfies Record<string, Era>

/** The name of an era. */
export type EraName = keyof typeof eras
/** The eras by name. */
export const eraNames = ['2025', '2026', 'hard'] as const
/** Whether this is the name of an era. */
export const isEra = (name: string): name is `${EraName}` => (eraNames as readonly string[]).includes(name)
