import type { ReadOptions, RecordBatch } from '../arrow/record-batch.ts'
import { checkObject, checkWhole } from '../column/arguments.ts'
import type { Column } from '../column/column.ts'
import { functionNode } from '../column/node.ts'
import { allOf, analyze, arrowOf, batchesOf, firstCell, planOf, rowsOf, runCommand } from '../core/execution.ts'
import type { CallOptions, ExecuteOptions, Executor } from '../core/executor.ts'
import { type AnalyzePlanRequest, AnalyzePlanRequest_Explain_ExplainMode } from '../gen/spark/connect/base_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { MergeIntoWriter } from '../io/merge.ts'
import { DataFrameWriter, DataFrameWriterV2 } from '../io/writer.ts'
import * as relations from '../plan/relation.ts'
import { DataStreamWriter } from '../streaming/streaming.ts'
import { mistake } from '../trace/error-stack.ts'
import { type DataType, describeValue, type StructType, typeFromProto } from '../types/index.ts'
import type { CheckpointedDataFrame, DataFrame, ExplainMode, UntypedFrame } from './dataframe.ts'
import { asFrame, type Extension, relationOf } from './frame-node.ts'
import { type StorageLevel, storageLevelFrom, storageLevels } from './storage-level.ts'
import { FrameQueries } from './subqueries.ts'

const explainModes: Readonly<Record<ExplainMode, AnalyzePlanRequest_Explain_ExplainMode>> = {
  simple: AnalyzePlanRequest_Explain_ExplainMode.SIMPLE,
  extended: AnalyzePlanRequest_Explain_ExplainMode.EXTENDED,
  codegen: AnalyzePlanRequest_Explain_ExplainMode.CODEGEN,
  cost: AnalyzePlanRequest_Explain_ExplainMode.COST,
  formatted: AnalyzePlanRequest_Explain_ExplainMode.FORMATTED,
}

type ReadRows = ExecuteOptions & ReadOptions

/** Remote relations are let go when no plan message refers to them any more. */
const abandoned = new FinalizationRegistry<() => Promise<void>>((release) => {
  void release()
})

/** The class behind `DataFrame`: how it is made of others is inherited, here is what asks the server. */
export class Frame extends FrameQueries {
  #schema: Promise<StructType> | undefined
  #release: (() => Promise<void>) | undefined

  protected make(planId: bigint, source: Relation | Extension): UntypedFrame {
    return asFrame(new Frame(this.executor, planId, source))
  }

  /** Who prints a frame mostly wants its rows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'DataFrame (await show() prints rows, await printSchema() its columns)'
  }

  // ── answers ──

  batches(options?: ReadRows): AsyncGenerator<RecordBatch<unknown>, void, undefined> {
    return batchesOf(this.executor, this.relation, options)
  }

  async *toLocalIterator(options?: ReadRows): AsyncGenerator<unknown, void, undefined> {
    for await (const batch of this.batches(options)) yield* batch
  }

  async collect(options?: ReadRows): Promise<unknown[]> {
    return rowsOf(this.executor, this.relation, options)
  }
  toArrow(options?: ExecuteOptions): Promise<Uint8Array> {
    return arrowOf(this.executor, this.relation, options)
  }
  async collectTuples(options?: ReadRows): Promise<unknown[][]> {
    return allOf(this.executor, this.relation, (batch) => batch.tuples(), options)
  }
  async first(options?: ReadRows): Promise<unknown> {
    return (await this.take(1, options))[0] ?? null
  }
  async head(n?: number, options?: ReadRows): Promise<unknown> {
    return n === undefined ? this.first(options) : this.take(n, options)
  }
  async take(n: number, options?: ReadRows): Promise<unknown[]> {
    return this.limit(n).collect(options)
  }
  async tail(n: number, options?: ReadRows): Promise<unknown[]> {
    return this.wrap({ case: 'tail', value: { input: this.relation, limit: checkWhole('tail', n) } }).collect(options)
  }
  async count(options?: ExecuteOptions): Promise<bigint> {
    const counted = relationOf(this.agg(functionNode('count', [1])))
    return (await firstCell(this.executor, counted, options)) as bigint
  }
  async isEmpty(options?: ExecuteOptions): Promise<boolean> {
    for await (const batch of frameOf(this.select().limit(1)).batches(options)) if (batch.numRows > 0) return false
    return true
  }
  async foreach(visit: (row: unknown) => void | Promise<void>, options?: ReadRows): Promise<void> {
    for await (const row of this.toLocalIterator(options)) await visit(row)
  }
  async show(n?: number, truncate?: boolean | number, vertical?: boolean): Promise<void> {
    process.stdout.write(`${await this.showString(n, truncate, vertical)}\n`)
  }
  async showString(numRows = 20, truncate: boolean | number = true, vertical = false): Promise<string> {
    const value = { input: this.relation, ...pageOf('show', numRows, truncate), vertical: vertical === true }
    return (await firstCell(this.executor, relationOf(this.wrap({ case: 'showString', value })))) as string
  }

  async htmlString(numRows = 20, truncate: boolean | number = true): Promise<string> {
    const value = { input: this.relation, ...pageOf('htmlString', numRows, truncate) }
    return (await firstCell(this.executor, relationOf(this.wrap({ case: 'htmlString', value })))) as string
  }

  // ── questions ──

  schema(options?: CallOptions): Promise<StructType> {
    this.#schema ??= this.#analyze({ case: 'schema', value: { plan: planOf(this.relation) } }, options).then(
      ({ schema }) => typeFromProto(schema) as StructType,
    )
    // A failure (an abort, a lost connection) must not be remembered.
    this.#schema.catch(() => {
      this.#schema = undefined
    })
    return this.#schema
  }
  async columns(): Promise<string[]> {
    return (await this.schema()).names
  }
  async dtypes(): Promise<[string, DataType][]> {
    return (await this.schema()).fields.map((field) => [field.name, field.dataType])
  }
  async printSchema(level?: number): Promise<void> {
    if (level !== undefined) checkWhole('printSchema', level, 1)
    process.stdout.write((await this.schema()).treeString(level))
  }
  async explain(mode?: ExplainMode | boolean, options?: CallOptions): Promise<void> {
    process.stdout.write(`${await this.explainString(mode, options)}\n`)
  }
  async explainString(mode: ExplainMode | boolean = 'simple', options?: CallOptions): Promise<string> {
    const name = typeof mode === 'boolean' ? (mode ? 'extended' : 'simple') : mode
    const explainMode = typeof name === 'string' && Object.hasOwn(explainModes, name) ? explainModes[name] : undefined
    if (explainMode === undefined) {
      throw mistake(
        `explain: unknown mode, ${describeValue(name)}; the modes are ${Object.keys(explainModes).join(', ')}`,
      )
    }
    const value = { plan: planOf(this.relation), explainMode }
    return (await this.#analyze({ case: 'explain', value }, options)).explainString
  }
  async isLocal(): Promise<boolean> {
    return (await this.#analyze({ case: 'isLocal', value: { plan: planOf(this.relation) } })).isLocal
  }
  async isStreaming(): Promise<boolean> {
    return (await this.#analyze({ case: 'isStreaming', value: { plan: planOf(this.relation) } })).isStreaming
  }
  async inputFiles(): Promise<string[]> {
    return (await this.#analyze({ case: 'inputFiles', value: { plan: planOf(this.relation) } })).files
  }
  async sameSemantics(other: UntypedFrame): Promise<boolean> {
    const value = { targetPlan: planOf(this.relation), otherPlan: planOf(relationOf(other)) }
    return (await this.#analyze({ case: 'sameSemantics', value })).result
  }
  async semanticHash(): Promise<number> {
    return (await this.#analyze({ case: 'semanticHash', value: { plan: planOf(this.relation) } })).result
  }
  #analyze<C extends NonNullable<AnalyzePlanRequest['analyze']['case']> & Parameters<typeof analyze>[1]['case']>(
    request: { case: C; value: object },
    options?: CallOptions,
  ) {
    return analyze<C>(this.executor, request as never, options)
  }

  // ── keeping ──

  async cache(): Promise<UntypedFrame> {
    return this.persist()
  }
  async persist(storageLevel: StorageLevel = storageLevels.MEMORY_AND_DISK_DESER): Promise<UntypedFrame> {
    checkObject('persist', 'a level is one of storageLevels', storageLevel)
    if (typeof storageLevel.useMemory !== 'boolean') throw mistake('persist: a level is one of storageLevels')
    await this.#analyze({ case: 'persist', value: { relation: this.relation, storageLevel } })
    return asFrame(this)
  }
  async unpersist(blocking = false): Promise<UntypedFrame> {
    await this.#analyze({ case: 'unpersist', value: { relation: this.relation, blocking } })
    return asFrame(this)
  }
  async storageLevel(): Promise<StorageLevel> {
    const answer = await this.#analyze({ case: 'getStorageLevel', value: { relation: this.relation } })
    return storageLevelFrom(answer.storageLevel)
  }

  checkpoint(options: { eager?: boolean } & ExecuteOptions = {}): Promise<CheckpointedDataFrame<unknown>> {
    return this.#checkpoint(false, options)
  }
  localCheckpoint(
    options: { eager?: boolean; storageLevel?: StorageLevel } & ExecuteOptions = {},
  ): Promise<CheckpointedDataFrame<unknown>> {
    return this.#checkpoint(true, options)
  }
  async #checkpoint(
    local: boolean,
    settings: { eager?: boolean; storageLevel?: StorageLevel } & ExecuteOptions,
  ): Promise<CheckpointedDataFrame<unknown>> {
    const { eager = true, storageLevel, ...options } = checkObject('checkpoint', 'the options are { eager }', settings)
    const executor = this.executor
    const value = { relation: this.relation, local, eager, ...(storageLevel && { storageLevel }) }
    const answer = await runCommand(
      executor,
      { case: 'checkpointCommand', value: value as never },
      'checkpointCommandResult',
      options,
    )
    const relationId = answer?.relation?.relationId
    if (relationId === undefined) throw mistake('the server answered a checkpoint without its id')
    let released: Promise<void> | undefined
    const release = (): Promise<void> => {
      released ??= runCommand(executor, {
        case: 'removeCachedRemoteRelationCommand',
        value: { relation: { relationId } } as never,
      }).then(
        () => undefined,
        // The session may be gone, and its checkpoints with it.
        () => undefined,
      )
      return released
    }
    const planId = executor.nextPlanId()
    const relation = relations.relation(planId, { case: 'cachedRemoteRelation', value: { relationId } })
    // Plans made of this frame hold the message, not the frame; so the message's life counts.
    abandoned.register(relation, release)
    const frame = new Frame(executor, planId, relation)
    frame.#release = release
    return frame as unknown as CheckpointedDataFrame<unknown>
  }
  async release(): Promise<void> {
    await this.#release?.()
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release?.()
  }

  createTempView(name: string): Promise<void> {
    return this.#createView(name, false, false)
  }
  createOrReplaceTempView(name: string): Promise<void> {
    return this.#createView(name, false, true)
  }
  createGlobalTempView(name: string): Promise<void> {
    return this.#createView(name, true, false)
  }
  createOrReplaceGlobalTempView(name: string): Promise<void> {
    return this.#createView(name, true, true)
  }
  async #createView(name: string, isGlobal: boolean, replace: boolean): Promise<void> {
    await runCommand(this.executor, {
      case: 'createDataframeView',
      value: { input: this.relation, name, isGlobal, replace } as never,
    })
  }

  // ── writing ──

  get write(): DataFrameWriter {
    return new DataFrameWriter(this.executor, this.relation)
  }
  writeTo(table: string): DataFrameWriterV2 {
    return new DataFrameWriterV2(this.executor, this.relation, table)
  }
  get writeStream(): DataStreamWriter {
    return new DataStreamWriter(this.executor, this.relation)
  }
  mergeInto(table: string, condition: Column<boolean | null>): MergeIntoWriter {
    return new MergeIntoWriter(this.executor, this.relation, table, condition)
  }
}

/** How much `show` prints; a width of 0 cuts nothing. *Errors:* TypeError for PySpark's named arguments. */
const pageOf = (method: string, n: unknown, truncate: unknown): { numRows: number; truncate: number } => {
  if (typeof n === 'object') throw mistake(`${method} takes its arguments by position: show(20, true, false)`)
  const width = truncate === true ? 20 : truncate === false ? 0 : truncate
  return { numRows: checkWhole(method, n), truncate: checkWhole(`${method}: truncate`, width) }
}

/** The class behind a typed frame. */
export const frameOf = (frame: UntypedFrame): Frame => frame as unknown as Frame

/** A frame of a session made of a new relation. */
export const newFrame = <R>(executor: Executor, make: (planId: bigint) => Relation): DataFrame<R> => {
  const planId = executor.nextPlanId()
  return asFrame(new Frame(executor, planId, make(planId)))
}

/** Whether a value is a frame. */
export const isDataFrame = (value: unknown): value is UntypedFrame => value instanceof Frame
