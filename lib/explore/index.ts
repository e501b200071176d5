/*
 * Hides: the processes that ask the database and are ended at their time limit, and the pages that show the answers.
 * Needs: the address of a database; for pages a free port of this machine.
 * Never: writes to the database (the overrides file is the one thing that it writes), runs a statement without a limit, listens
 *   beyond 127.0.0.1, or answers to a name that is not its own.
 */
export { type ActionOptions, actionUsage, defaultLimitMs } from './actions.ts'
export { type Step, spellingsOf, stepsOf } from './explain.ts'
export type { Answer, Arguments, Question } from './operations.ts'
export { type Format, plain, type Result, rendered, resultOf } from './render.ts'
export { answerOnce, sandboxOptions, serveUntil } from './run.ts'
export { Sandbox, type SandboxOptions } from './sandbox.ts'
export { type ExplorerServer, type ServeOptions, serveExplorer } from './server.ts'
export { stationText } from './station-text.ts'
export { statisticsText } from './statistics-text.ts'
