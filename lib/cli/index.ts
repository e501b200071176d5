/*
 * Hides: how a command reads its flags and settings, hears signals, shows progress, and ends with the exit code of its error.
 * Needs: a command line, the environment, a terminal or pipes.
 * Never: knows what a command does.
 */
export type { CommandContext, CommandSpec } from './command-spec.ts'
export { endWithReader } from './end-with-reader.ts'
export { byteCount, duration, flagValue, numberWithin, pairs, wholeNumber } from './flag-values.ts'
export { Progress, type QueryProgress, rowsOfParts } from './progress.ts'
export { report } from './report-error.ts'
export { runCommand } from './run-command.ts'
export { closingText, lakeText, summaryText, type Theme } from './summary.ts'
