// Pipelines are not objects of the server: their metadata is a file of text, written and read through Spark, in the format of
// Spark's own writer, so that Scala and PySpark read them too.
import { SparkConnectError } from '../client/errors.ts'
import type { Executor } from '../core/executor.ts'
import { newFrame } from '../dataframe/frame.ts'
import { literalExpression } from '../plan/expression.ts'
import { relation } from '../plan/relation.ts'
import { runMl } from './commands.ts'
import { literalOfParam } from './operator.ts'
import type { SaveOptions } from './stage.ts'

interface Savable {
  readonly uid: string
  save(path: string, options?: SaveOptions): Promise<void>
}

/** What Spark keeps of every saved operator, one line of JSON below `metadata`. */
export interface Metadata {
  readonly className: string
  readonly uid: string
  /** Of pipelines: the ids of their stages, in order. */
  readonly stageUids: readonly string[]
}

/** The object of the server that does what no operator does: here, removing a path. */
const helperId = '______ML_CONNECT_HELPER______'

const stagePath = (path: string, i: number, count: number, uid: string): string =>
  `${path}/stages/${String(i).padStart(String(count).length, '0')}_${uid}`

export async function savePipeline(
  executor: Executor,
  className: string,
  pipeline: { readonly uid: string; readonly stages: readonly Savable[] },
  path: string,
  options: SaveOptions,
): Promise<void> {
  const { uid, stages } = pipeline
  if (options.overwrite) {
    const args = [path, true].map((arg) => ({ argsType: { case: 'param', value: literalOfParam(arg) } }))
    const methods = [{ method: 'handleOverwrite', args }]
    await runMl(executor, 'fetch', { objRef: { id: helperId }, methods })
  }
  const metadata = {
    class: className,
    timestamp: Date.now(),
    sparkVersion: await executor.sparkVersion(),
    uid,
    paramMap: { stageUids: stages.map((stage) => stage.uid) },
    defaultParamMap: {},
  }
  await oneLine(executor, JSON.stringify(metadata)).write.mode('error').text(`${path}/metadata`)
  for (const [i, stage] of stages.entries()) await stage.save(stagePath(path, i, stages.length, stage.uid))
}

/** A frame of one text. */
const oneLine = (executor: Executor, text: string) =>
  newFrame<{ value: string }>(executor, (planId) => {
    const input = relation(planId, { case: 'range', value: { start: 0n, end: 1n, step: 1n, numPartitions: 1 } })
    const alias = { name: ['value'], expr: literalExpression(text) }
    const expressions = [{ exprType: { case: 'alias', value: alias } }]
    return relation(executor.nextPlanId(), { case: 'project', value: { input, expressions } } as never)
  })

/** The metadata of a saved operator. *Errors:* SparkConnectError, if there is none at the path. */
export async function readMetadata(executor: Executor, path: string): Promise<Metadata> {
  const file = newFrame<{ value: string }>(executor, (planId) =>
    relation(planId, {
      case: 'read',
      value: { readType: { case: 'dataSource', value: { format: 'text', paths: [`${path}/metadata`] } } },
    } as never),
  )
  const line = (await file.take(1))[0]?.value
  const found = line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>)
  if (typeof found?.class !== 'string' || typeof found.uid !== 'string') {
    throw new SparkConnectError(`${path} holds no saved stage: metadata/ lacks class and uid`, { code: 'NOT_FOUND' })
  }
  const { stageUids } = (found.paramMap ?? {}) as { stageUids?: unknown }
  return { className: found.class, uid: found.uid, stageUids: Array.isArray(stageUids) ? stageUids.map(String) : [] }
}

/** Where the stages of a saved pipeline are. */
export const stagePaths = (path: string, { stageUids }: Metadata): string[] =>
  stageUids.map((uid, i) => stagePath(path, i, stageUids.length, uid))
