import type { Settings } from '../config.ts'

/** Who sits at a terminal most often runs again soon. */
const usualKeepMinutes = 10

/** The settings of `sparkSettings` as the options of `openSpark`. */
export function sparkOptions(settings: Settings, env = process.env) {
  const isWatched = process.stderr.isTTY === true && !env.CI
  return {
    remote: settings.sparkRemote,
    token: settings.sparkToken,
    sparkHome: settings.sparkHome,
    driverMemory: settings.sparkDriverMemory,
    keepMs: 60_000 * (settings.sparkKeepMinutes ?? (isWatched ? usualKeepMinutes : 0)),
  }
}
