import { runCommand } from '../core/execution.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import type { MlCommand, MlCommandResult } from '../gen/spark/connect/ml_pb.ts'
import { command } from '../plan/command.ts'

/** A command of machine learning; nested messages may be given as plain records. */
export type MlCommandInit = { [C in MlCommand['command'] as NonNullable<C['case']>]: C }[NonNullable<
  MlCommand['command']['case']
>]['case']

type Answer = MlCommandResult['resultType']

/** Runs a command of machine learning and gives its answer. *Errors:* SparkConnectError. */
export async function runMl(
  executor: Executor,
  name: MlCommandInit,
  value: object,
  options?: ExecuteOptions,
): Promise<Answer> {
  executor.requireVersion('4.0', 'machine learning')
  const plan = command({ case: 'mlCommand', value: { command: { case: name, value } } } as never)
  const result = await runCommand(executor, plan, 'mlCommandResult', options)
  return result?.resultType ?? { case: undefined }
}
