/*
 * Hides: what can be wrong with an installation, how each of it is found out, and what to do about it.
 * Needs: settings as far as they are valid, the folders in question, a logger; opens database and Spark itself.
 * Never: changes anything but probe files that it takes away again, shows a secret, or takes longer than its deadline.
 */
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { type Check, type CheckContext, type Examined, type Finding, fail } from './check.ts'
import { databaseChecks, examineDatabase } from './database.ts'
import { machineChecks } from './machine.ts'
import { settingsChecks } from './settings.ts'
import { examineSpark, sparkChecks } from './spark.ts'

export type { Examined, Finding } from './check.ts'
export { checkFindings, findingsJson, findingsText } from './report.ts'
export { type Diagnosis, diagnoseSettings } from './settings.ts'
export { neededFunctions } from './spark.ts'

export interface ExamineOptions
  extends Pick<CheckContext, 'settings' | 'faults' | 'env' | 'root' | 'dataFolder' | 'sparkFolder' | 'deep'> {
  readonly log: Logger
  readonly signal?: AbortSignal
  /** Default: that of this process. */
  readonly nodeVersion?: string
  readonly now?: () => Date
  /** How long the slowest check may take; then it is red. Default: 9,000, and five minutes if `deep`. */
  readonly deadlineMs?: number
}

const checks: readonly Check[] = [...machineChecks, ...settingsChecks, ...databaseChecks, ...sparkChecks]

/**
 * All checks, in a fixed order; none waits for another, so it takes as long as the slowest.
 *
 * *Errors:* none of the checks': what a check throws is its red finding. An abort is thrown.
 */
export async function examine(options: ExamineOptions): Promise<readonly Examined[]> {
  const deadlineMs = options.deadlineMs ?? (options.deep ? 300_000 : 9_000)
  const deadline = AbortSignal.timeout(deadlineMs)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const { settings, deep, log, sparkFolder } = options
  const context: CheckContext = {
    ...options,
    nodeVersion: options.nodeVersion ?? process.version,
    now: options.now ?? (() => new Date()),
    signal,
    database: once(() => examineDatabase(settings, deep, log)),
    spark: once(() => examineSpark(settings, { deep, home: sparkFolder, log, signal })),
  }
  const findings = await Promise.all(checks.map((check) => run(check, context, deadlineMs)))
  options.signal?.throwIfAborted()
  return findings
}

async function run(check: Check, context: CheckContext, deadlineMs: number): Promise<Examined> {
  const started = performance.now()
  const late = Promise.withResolvers<Finding>()
  const onAbort = () =>
    late.resolve(fail(`no answer in ${deadlineMs / 1000} s`, 'find out what blocks it, then try again'))
  context.signal.addEventListener('abort', onAbort, { once: true })
  const work = check.run(context).catch((error: unknown) => {
    context.log.debug('check failed', { check: check.id, error })
    const remedy = (error instanceof AppError ? error.remedy : undefined) ?? 'run it again with --log-level debug'
    return fail(String(error instanceof Error ? error.message : error).split('\n', 1)[0]!, remedy)
  })
  const finding = await Promise.race([work, late.promise])
  context.signal.removeEventListener('abort', onAbort)
  return { id: check.id, title: check.title, ...finding, ms: Math.round(performance.now() - started) }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () => {
    running ??= work()
    return running
  }
}
