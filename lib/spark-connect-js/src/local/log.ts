/** What the local server tells of itself, for a logger to keep; nothing is printed by this package. */
export interface LocalLog {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
}

export const noLog: LocalLog = { debug() {}, info() {}, warn() {} }
