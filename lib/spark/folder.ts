import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where installed jars, class archives and logs are kept between runs: `.spark` in the project, ignored by git; for an installed
 * package the user's cache, since nobody may be allowed to write where the package is.
 */
export const sparkFolder =
  process.env.RADIO_PLAYS_BIN === undefined
    ? join(import.meta.dirname, '..', '..', '.spark')
    : join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'radio-plays', 'spark')
