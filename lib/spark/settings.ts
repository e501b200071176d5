import type { Settings } from '../config.ts'

/** The settings of `sparkSettings` as the options of `openSpark`. */
export function sparkOptions(settings: Settings) {
  return {
    remote: settings.sparkRemote,
    token: settings.sparkToken,
    sparkHome: settings.sparkHome,
    driverMemory: settings.sparkDriverMemory,
  }
}
