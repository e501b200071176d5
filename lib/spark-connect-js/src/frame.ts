import { randomInt } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import type { RecordBatch } from './arrow/record-batch.ts'
import {
  asColumn,
  type Column,
  ColumnNode,
  columnNode,
  functionNode,
  isColumn,
  mergeReferences,
  operandNode,
  type References,
  subqueryNode,
} from './column.ts'
import { columnsOf, namedColumns, underName } from './columns-of.ts'
import type { CheckpointedDataFrame, DataFrame, ExplainMode, OrderBy, UntypedFrame } from './dataframe.ts'
import { analyze, arrowOf, batchesOf, firstCell, planOf, rowsOf, runCommand } from './execution.ts'
import type { CallOptions, ExecuteOptions, Executor } from './executor.ts'
import { internalFn } from './functions/call.ts'
import { type AnalyzePlanRequest, AnalyzePlanRequest_Explain_ExplainMode } from './gen/spark/connect/base_pb.ts'
import { type Relation, RelationSchema } from './gen/spark/connect/relations_pb.ts'
import { asGroupedData, type GroupedData, Groups } from './grouped-data.ts'
import { MergeIntoWriter } from './merge.ts'
import { NaFunctions } from './na.ts'
import { type Observation, watch } from './observation.ts'
import {
  aliasNode,
  asSortOrder,
  attribute,
  columnsMatching,
  directPartitionId,
  type Expression,
  type Expression_Alias,
  sqlExpression,
} from './plan/expression.ts'
import * as relations from './plan/relation.ts'
import type { Build, Columns, Named } from './rows.ts'
import { StatFunctions } from './stat.ts'
import { type StorageLevel, storageLevelFrom, storageLevels } from './storage-level.ts'
import { DataStreamWriter } from './streaming.ts'
import { TableArg } from './table-arg.ts'
import { type DataType, type StructType, typeFromProto } from './types/index.ts'
import { DataFrameWriter, DataFrameWriterV2 } from './writer.ts'

/** Columns added to another frame: kept apart from the relation so that a chain of them becomes one message. */
interface Extension {
  readonly base: Frame
  readonly aliases: readonly Expression_Alias[]
  readonly references: References
  /** Lower-case names that the expressions mention; undefined when they cannot be listed (SQL text, stars, subqueries). */
  readonly mentions: ReadonlySet<string> | undefined
}

const explainModes: Readonly<Record<ExplainMode, AnalyzePlanRequest_Explain_ExplainMode>> = {
  simple: AnalyzePlanRequest_Explain_ExplainMode.SIMPLE,
  extended: AnalyzePlanRequest_Explain_ExplainMode.EXTENDED,
  codegen: AnalyzePlanRequest_Explain_ExplainMode.CODEGEN,
  cost: AnalyzePlanRequest_Explain_ExplainMode.COST,
  formatted: AnalyzePlanRequest_Explain_ExplainMode.FORMATTED,
}

/** All names in a column expression, in lower case, or undefined if it holds what only the server can read. */
const mentionsOf = (expressions: readonly Expression[]): Set<string> | undefined => {
  const names = new Set<string>()
  const visit = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.every(visit)
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return true
    switch ((value as { $typeName?: string }).$typeName) {
      case 'spark.connect.Expression.UnresolvedAttribute':
        for (const part of (value as { unparsedIdentifier: string }).unparsedIdentifier.split(/[.`]+/)) {
          names.add(part.toLowerCase())
        }
        return true
      case 'spark.connect.Expression.ExpressionString':
      case 'spark.connect.Expression.UnresolvedStar':
      case 'spark.connect.Expression.UnresolvedRegex':
      case 'spark.connect.SubqueryExpression':
        return false
      case 'spark.connect.Expression.Literal':
        return true
      default:
        return Object.values(value).every(visit)
    }
  }
  return expressions.every(visit) ? names : undefined
}

/** Remote relations are let go when no plan message refers to them any more. */
const abandoned = new FinalizationRegistry<() => Promise<void>>((release) => {
  void release()
})

type Condition = Column<boolean | null> | string | ((columns: Columns<unknown>) => Column<boolean | null>)

/** The class behind `DataFrame`: an executor and a relation. It knows no row types. */
export class Frame {
  readonly #executor: Executor
  readonly #planId: bigint
  readonly #source: Relation | Extension
  #isAddressed = false
  #built: { readonly relation: Relation; readonly skipped: readonly Frame[] } | undefined
  #schema: Promise<StructType> | undefined
  #release: (() => Promise<void>) | undefined

  constructor(executor: Executor, planId: bigint, source: Relation | Extension) {
    this.#executor = executor
    this.#planId = planId
    this.#source = source
  }

  /** The message of this frame. Consecutive withColumns are one node unless a column of the frame between them is in use. */
  get relation(): Relation {
    if (!('base' in this.#source)) return this.#source
    if (this.#built?.skipped.every((frame) => !frame.#isAddressed)) return this.#built.relation
    const { references, mentions } = this.#source
    let aliases = this.#source.aliases
    let base = this.#source.base
    const skipped: Frame[] = []
    const later = new Set(mentions)
    const names = new Set(aliases.map((alias) => alias.name[0]!.toLowerCase()))
    while (mentions && references.size === 0 && 'base' in base.#source && !base.#isAddressed) {
      const earlier = base.#source
      const isFree = (alias: Expression_Alias): boolean => {
        const name = alias.name[0]!.toLowerCase()
        return !later.has(name) && !names.has(name)
      }
      if (!earlier.mentions || earlier.references.size > 0 || !earlier.aliases.every(isFree)) break
      for (const alias of earlier.aliases) names.add(alias.name[0]!.toLowerCase())
      for (const name of earlier.mentions) later.add(name)
      aliases = [...earlier.aliases, ...aliases]
      skipped.push(base)
      base = earlier.base
    }
    const node = relations.withColumns(this.#planId, base.relation, [...aliases])
    const relation = relations.withReferences(this.#executor, node, references)
    this.#built = { relation, skipped }
    return relation
  }

  get columnsOfThis(): Columns<unknown> {
    return columnsOf()
  }

  /** A new frame of the same session. Columns with subqueries bring the relations that they read. */
  derive(
    make: (planId: bigint) => Relation,
    columns: readonly { readonly references: References }[] = [],
  ): UntypedFrame {
    const planId = this.#executor.nextPlanId()
    const relation = relations.withReferences(this.#executor, make(planId), mergeReferences(columns))
    return asFrame(new Frame(this.#executor, planId, relation))
  }

  #wrap(relType: Parameters<typeof relations.relation>[1], columns: readonly ColumnNode[] = []): UntypedFrame {
    return this.derive((planId) => relations.relation(planId, relType), columns)
  }

  #condition(condition: Condition): ColumnNode {
    if (typeof condition === 'string') return new ColumnNode(sqlExpression(condition))
    return operandNode(typeof condition === 'function' ? condition(columnsOf()) : condition)
  }

  // ── columns ──

  col(name: string): ColumnNode {
    this.#isAddressed = true
    const node = columnNode(name)
    const { exprType } = node.expression
    if (exprType.case === 'unresolvedAttribute') return new ColumnNode(attribute(name, this.#planId))
    if (exprType.case === 'unresolvedStar') exprType.value.planId = this.#planId
    return node
  }

  colRegex(pattern: string): ColumnNode {
    this.#isAddressed = true
    return new ColumnNode(columnsMatching(pattern, this.#planId))
  }

  metadataColumn(name: string): ColumnNode {
    this.#isAddressed = true
    return new ColumnNode(attribute(name, this.#planId, true))
  }

  select(...items: unknown[]): UntypedFrame {
    const [first] = items
    const isRecord =
      items.length === 1 &&
      !isColumn(first) &&
      (typeof first === 'function' || (typeof first === 'object' && !Array.isArray(first)))
    const nodes = isRecord
      ? namedColumns(columnsOf(), first as Build<unknown, Named>).map(({ node, name }) => underName(node, name))
      : items.flat().map(columnNode)
    return this.derive(
      (planId) =>
        relations.project(
          planId,
          this.relation,
          nodes.map((node) => node.expression),
        ),
      nodes,
    )
  }

  selectExpr(...expressions: (string | string[])[]): UntypedFrame {
    return this.#wrap({
      case: 'project',
      value: { input: this.relation, expressions: expressions.flat().map(sqlExpression) },
    })
  }

  filter(condition: Condition): UntypedFrame {
    const node = this.#condition(condition)
    return this.derive((planId) => relations.filter(planId, this.relation, node.expression), [node])
  }
  where(condition: Condition): UntypedFrame {
    return this.filter(condition)
  }

  withColumn(name: string, column: unknown): UntypedFrame {
    const built = typeof column === 'function' ? column(columnsOf()) : column
    return this.#extend([{ name, node: operandNode(built) }])
  }

  withColumns(build: Build<unknown, Named>): UntypedFrame {
    return this.#extend(namedColumns(columnsOf(), build))
  }

  withMetadata(name: string, metadata: Readonly<Record<string, unknown>>): UntypedFrame {
    return this.#extend([{ name, node: columnNode(name), metadata: JSON.stringify(metadata) }])
  }

  #extend(columns: readonly { name: string; node: ColumnNode; metadata?: string }[]): UntypedFrame {
    if (columns.length === 0) return asFrame(this)
    const aliases = columns.map(({ name, node, metadata }) => aliasNode(node.expression, [name], metadata))
    const extension: Extension = {
      base: this,
      aliases,
      references: mergeReferences(columns.map(({ node }) => node)),
      mentions: mentionsOf(columns.map(({ node }) => node.expression)),
    }
    return asFrame(new Frame(this.#executor, this.#executor.nextPlanId(), extension))
  }

  withColumnRenamed(existing: string, name: string): UntypedFrame {
    return this.withColumnsRenamed({ [existing]: name })
  }

  withColumnsRenamed(names: Readonly<Record<string, string>>): UntypedFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({ colName, newColName }))
    return this.#wrap({ case: 'withColumnsRenamed', value: { input: this.relation, renames } })
  }

  drop(...columns: unknown[]): UntypedFrame {
    const columnNames = columns.filter((column) => typeof column === 'string')
    const nodes = columns.filter((column) => typeof column !== 'string').map(operandNode)
    const value = { input: this.relation, columnNames, columns: nodes.map((node) => node.expression) }
    return this.#wrap({ case: 'drop', value }, nodes)
  }

  toDF(...columnNames: string[]): UntypedFrame {
    return this.#wrap({ case: 'toDf', value: { input: this.relation, columnNames } })
  }

  // ── rows ──

  alias(alias: string): UntypedFrame {
    return this.#wrap({ case: 'subqueryAlias', value: { input: this.relation, alias } })
  }
  limit(n: number): UntypedFrame {
    return this.#wrap({ case: 'limit', value: { input: this.relation, limit: n } })
  }
  offset(n: number): UntypedFrame {
    return this.#wrap({ case: 'offset', value: { input: this.relation, offset: n } })
  }
  distinct(): UntypedFrame {
    return this.dropDuplicates()
  }
  dropDuplicates(...names: (string | string[])[]): UntypedFrame {
    return this.#deduplicate(names.flat(), false)
  }
  dropDuplicatesWithinWatermark(...names: (string | string[])[]): UntypedFrame {
    return this.#deduplicate(names.flat(), true)
  }
  #deduplicate(columnNames: string[], withinWatermark: boolean): UntypedFrame {
    const allColumnsAsKeys = columnNames.length === 0
    return this.#wrap({
      case: 'deduplicate',
      value: { input: this.relation, columnNames, allColumnsAsKeys, withinWatermark },
    })
  }

  sample(fraction: number, options: { withReplacement?: boolean; seed?: number | bigint } = {}): UntypedFrame {
    return this.#sample(0, fraction, options.withReplacement ?? false, seedOf(options.seed), false)
  }

  randomSplit(weights: readonly number[], seed?: number | bigint): UntypedFrame[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    if (!(total > 0) || weights.some((weight) => !(weight >= 0))) {
      throw new RangeError(`weights are not negative and one is positive; these are ${weights.join(', ')}`)
    }
    // One seed and a fixed order for all parts, or the parts would overlap.
    const oneSeed = seedOf(seed)
    let lower = 0
    return weights.map((weight, i) => {
      const upper = i === weights.length - 1 ? 1 : lower + weight / total
      const part = this.#sample(lower, upper, false, oneSeed, true)
      lower = upper
      return part
    })
  }

  #sample(
    lowerBound: number,
    upperBound: number,
    withReplacement: boolean,
    seed: bigint,
    deterministicOrder: boolean,
  ): UntypedFrame {
    const value = { input: this.relation, lowerBound, upperBound, withReplacement, seed, deterministicOrder }
    return this.#wrap({ case: 'sample', value })
  }

  orderBy(...by: (OrderBy<unknown> | readonly OrderBy<unknown>[])[]): UntypedFrame {
    return this.#sort(by, true)
  }
  sort(...by: (OrderBy<unknown> | readonly OrderBy<unknown>[])[]): UntypedFrame {
    return this.#sort(by, true)
  }
  sortWithinPartitions(...by: (OrderBy<unknown> | readonly OrderBy<unknown>[])[]): UntypedFrame {
    return this.#sort(by, false)
  }
  #sort(by: readonly unknown[], isGlobal: boolean): UntypedFrame {
    const nodes = by
      .flat()
      .flatMap((item) => (typeof item === 'function' ? item(columnsOf()) : item))
      .map(columnNode)
    return this.derive(
      (planId) =>
        relations.sort(
          planId,
          this.relation,
          nodes.map((node) => asSortOrder(node.expression)),
          isGlobal,
        ),
      nodes,
    )
  }

  dropNulls(...names: string[]): UntypedFrame {
    return this.na.drop('any', names.length > 0 ? { subset: names as never } : {})
  }

  // ── groups ──

  groupBy(...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group('groupBy', keys)
  }
  rollup(...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group('rollup', keys)
  }
  cube(...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group('cube', keys)
  }
  groupingSets(sets: readonly (readonly unknown[])[], ...keys: unknown[]): GroupedData<unknown, unknown> {
    return this.#group(
      'groupingSets',
      keys,
      sets.map((set) => set.map(columnNode)),
    )
  }
  #group(kind: relations.GroupKind, keys: readonly unknown[], sets?: ColumnNode[][]): GroupedData<unknown, unknown> {
    const [first] = keys
    const isRecord = keys.length === 1 && !isColumn(first) && (typeof first === 'function' || isPlainObject(first))
    const nodes = isRecord
      ? namedColumns(columnsOf(), first as Build<unknown, Named>).map(({ node, name }) => underName(node, name))
      : keys.flat().map(columnNode)
    const grouped = {
      relation: this.relation,
      columns: columnsOf(),
      derive: this.derive.bind(this),
    }
    return asGroupedData(new Groups(grouped, { kind, keys: nodes, sets }))
  }
  agg(first: unknown, ...more: ColumnNode[]): UntypedFrame {
    return (this.groupBy() as unknown as Groups).agg(first, ...more)
  }

  // ── other frames ──

  crossJoin(right: UntypedFrame): UntypedFrame {
    return this.derive((planId) => relations.join(planId, this.relation, frameOf(right).relation, 'cross'))
  }

  join(other: UntypedFrame, on?: unknown, how = 'inner'): UntypedFrame {
    const right = frameOf(other)
    if (typeof on === 'function') {
      // Ids of their own for both sides, so that a frame can be joined with itself or with one made of it.
      const [leftId, rightId] = [this.#executor.nextPlanId(), this.#executor.nextPlanId()]
      const condition = operandNode(on(columnsOf(leftId), columnsOf(rightId)))
      return this.derive(
        (planId) =>
          relations.join(planId, renumber(this.relation, leftId), renumber(right.relation, rightId), how, {
            joinCondition: condition.expression,
          }),
        [condition],
      )
    }
    const keys = on === undefined ? [] : [on].flat()
    if (keys.every((key) => typeof key === 'string')) {
      return this.derive((planId) =>
        relations.join(planId, this.relation, right.relation, how, keys.length > 0 ? { usingColumns: keys } : {}),
      )
    }
    const nodes = keys.map(operandNode)
    const condition = nodes.reduce((all, node) => all.and(node))
    return this.derive(
      (planId) => relations.join(planId, this.relation, right.relation, how, { joinCondition: condition.expression }),
      [condition],
    )
  }

  lateralJoin(other: UntypedFrame, on?: Column<boolean | null>, how = 'inner'): UntypedFrame {
    const condition = on && operandNode(on)
    const value = {
      left: this.relation,
      right: frameOf(other).relation,
      joinType: relations.joinType(how),
      ...(condition && { joinCondition: condition.expression }),
    }
    return this.#wrap({ case: 'lateralJoin', value }, condition ? [condition] : [])
  }

  asOfJoin(other: UntypedFrame, options: Parameters<UntypedFrame['asOfJoin']>[1]): UntypedFrame {
    const [leftAsOf, rightAsOf] = [operandNode(options.leftAsOf), operandNode(options.rightAsOf)]
    const condition = isColumn(options.on) ? operandNode(options.on) : undefined
    const tolerance = options.tolerance && operandNode(options.tolerance)
    const value = {
      left: this.relation,
      right: frameOf(other).relation,
      leftAsOf: leftAsOf.expression,
      rightAsOf: rightAsOf.expression,
      usingColumns: Array.isArray(options.on) ? [...options.on] : [],
      joinType: options.how ?? 'inner',
      allowExactMatches: options.allowExactMatches ?? true,
      direction: options.direction ?? 'backward',
      ...(condition && { joinExpr: condition.expression }),
      ...(tolerance && { tolerance: tolerance.expression }),
    }
    const nodes = [leftAsOf, rightAsOf, condition, tolerance].filter((node) => node !== undefined)
    return this.#wrap({ case: 'asOfJoin', value }, nodes)
  }

  nearestByJoin(
    other: UntypedFrame,
    ranking: Column<unknown>,
    numResults: number,
    mode: string,
    direction: string,
    how = 'inner',
  ): UntypedFrame {
    this.#executor.requireVersion('4.2', 'nearestByJoin')
    const node = operandNode(ranking)
    const value = {
      left: this.relation,
      right: frameOf(other).relation,
      rankingExpression: node.expression,
      numResults,
      mode,
      direction,
      joinType: how,
    }
    return this.#wrap({ case: 'nearestByJoin', value }, [node])
  }

  union(other: UntypedFrame): UntypedFrame {
    return this.#combine('union', other, { isAll: true })
  }
  unionAll(other: UntypedFrame): UntypedFrame {
    return this.union(other)
  }
  unionByName(other: UntypedFrame, allowMissingColumns = false): UntypedFrame {
    return this.#combine('union', other, { isAll: true, byName: true, allowMissingColumns })
  }
  intersect(other: UntypedFrame): UntypedFrame {
    return this.#combine('intersect', other, { isAll: false })
  }
  intersectAll(other: UntypedFrame): UntypedFrame {
    return this.#combine('intersect', other, { isAll: true })
  }
  subtract(other: UntypedFrame): UntypedFrame {
    return this.#combine('except', other, { isAll: false })
  }
  exceptAll(other: UntypedFrame): UntypedFrame {
    return this.#combine('except', other, { isAll: true })
  }
  #combine(
    kind: Parameters<typeof relations.setOperation>[1],
    other: UntypedFrame,
    options: Parameters<typeof relations.setOperation>[4],
  ): UntypedFrame {
    return this.derive((planId) =>
      relations.setOperation(planId, kind, this.relation, frameOf(other).relation, options),
    )
  }

  // ── shape and execution ──

  transform(step: (frame: UntypedFrame) => UntypedFrame): UntypedFrame {
    return step(asFrame(this))
  }
  $castTo(): UntypedFrame {
    return asFrame(this)
  }
  to(schema: StructType): UntypedFrame {
    return this.derive((planId) => relations.toSchema(planId, this.relation, schema))
  }

  unpivot(
    ids: readonly unknown[],
    values: readonly unknown[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): UntypedFrame {
    const [idNodes, valueNodes] = [ids.map(columnNode), values?.map(columnNode)]
    const expressions = (nodes: readonly ColumnNode[]) => nodes.map((node) => node.expression)
    const value = {
      input: this.relation,
      ids: expressions(idNodes),
      variableColumnName,
      valueColumnName,
      ...(valueNodes && { values: { values: expressions(valueNodes) } }),
    }
    return this.#wrap({ case: 'unpivot', value }, [...idNodes, ...(valueNodes ?? [])])
  }
  melt(...args: Parameters<Frame['unpivot']>): UntypedFrame {
    return this.unpivot(...args)
  }
  transpose(indexColumn?: unknown): UntypedFrame {
    const nodes = indexColumn === undefined ? [] : [columnNode(indexColumn)]
    const value = { input: this.relation, indexColumns: nodes.map((node) => node.expression) }
    return this.#wrap({ case: 'transpose', value }, nodes)
  }
  toJSON(): UntypedFrame {
    return this.select(asColumn(functionNode('to_json', [functionNode('struct', [columnNode('*')])])).as('value'))
  }
  hint(name: string, ...parameters: unknown[]): UntypedFrame {
    const nodes = parameters.map(operandNode)
    const value = { input: this.relation, name, parameters: nodes.map((node) => node.expression) }
    return this.#wrap({ case: 'hint', value }, nodes)
  }

  repartition(...args: unknown[]): UntypedFrame {
    const { count, nodes } = partitioning(args)
    if (nodes.length === 0 && count !== undefined) {
      return this.derive((planId) => relations.repartition(planId, this.relation, count, true))
    }
    return this.#repartitionBy(nodes, count)
  }
  repartitionByRange(...args: unknown[]): UntypedFrame {
    const { count, nodes } = partitioning(args)
    const ordered = nodes.map((node) => (node.expression.exprType.case === 'sortOrder' ? node : node.asc()))
    return this.#repartitionBy(ordered, count)
  }
  repartitionById(numPartitions: number, partition: unknown): UntypedFrame {
    this.#executor.requireVersion('4.1', 'repartitionById')
    const node = columnNode(partition)
    return this.#repartitionBy([new ColumnNode(directPartitionId(node.expression), node.references)], numPartitions)
  }
  #repartitionBy(nodes: readonly ColumnNode[], count: number | undefined): UntypedFrame {
    if (nodes.length === 0) throw new TypeError('give a number of partitions, or columns')
    return this.derive(
      (planId) =>
        relations.repartitionBy(
          planId,
          this.relation,
          nodes.map((node) => node.expression),
          count,
        ),
      nodes,
    )
  }
  coalesce(numPartitions: number): UntypedFrame {
    return this.derive((planId) => relations.repartition(planId, this.relation, numPartitions, false))
  }

  zipWithIndex(name = 'index'): UntypedFrame {
    return this.select('*', internalFn('distributed_sequence_id', []).as(name))
  }
  withWatermark(eventTime: string, delayThreshold: string): UntypedFrame {
    return this.#wrap({ case: 'withWatermark', value: { input: this.relation, eventTime, delayThreshold } })
  }
  observe(observation: Observation | string, ...metrics: Column<unknown>[]): UntypedFrame {
    const nodes = metrics.map(operandNode)
    const name = typeof observation === 'string' ? observation : watch(observation, this.#executor)
    const value = { input: this.relation, name, metrics: nodes.map((node) => node.expression) }
    return this.#wrap({ case: 'collectMetrics', value }, nodes)
  }

  get na(): NaFunctions {
    return new NaFunctions(this.#statistical())
  }
  get fillna() {
    return (...args: Parameters<NaFunctions['fill']>) => this.na.fill(...args)
  }
  get dropna() {
    return (...args: Parameters<NaFunctions['drop']>) => this.na.drop(...args)
  }
  get replace() {
    return (...args: Parameters<NaFunctions['replace']>) => this.na.replace(...args)
  }
  get stat(): StatFunctions {
    return new StatFunctions(this.#statistical())
  }
  get approxQuantile() {
    return (...args: Parameters<StatFunctions['approxQuantile']>) => this.stat.approxQuantile(...args)
  }
  get corr() {
    return (...args: Parameters<StatFunctions['corr']>) => this.stat.corr(...args)
  }
  get cov() {
    return (...args: Parameters<StatFunctions['cov']>) => this.stat.cov(...args)
  }
  get crosstab() {
    return (...args: Parameters<StatFunctions['crosstab']>) => this.stat.crosstab(...args)
  }
  get freqItems() {
    return (...args: Parameters<StatFunctions['freqItems']>) => this.stat.freqItems(...args)
  }
  get sampleBy() {
    return (...args: Parameters<StatFunctions['sampleBy']>) => this.stat.sampleBy(...args)
  }
  #statistical() {
    return { executor: this.#executor, relation: this.relation, derive: this.derive.bind(this) }
  }
  describe(...cols: (string | string[])[]): UntypedFrame {
    return this.#wrap({ case: 'describe', value: { input: this.relation, cols: cols.flat() } })
  }
  summary(...statistics: (string | string[])[]): UntypedFrame {
    return this.#wrap({ case: 'summary', value: { input: this.relation, statistics: statistics.flat() } })
  }

  // ── subqueries ──

  scalar(): ColumnNode {
    return subqueryNode('scalar', this.relation)
  }
  exists(): ColumnNode {
    return subqueryNode('exists', this.relation)
  }
  /** Whether a row with these values is among the rows: `col('a').isin(frame)`. */
  contains(values: readonly ColumnNode[]): ColumnNode {
    const node = subqueryNode('in', this.relation, { values: values.map((value) => value.expression) })
    return new ColumnNode(node.expression, mergeReferences([node, ...values]))
  }
  asTable(): TableArg {
    return new TableArg(this.relation)
  }

  // ── answers ──

  batches(options?: ExecuteOptions): AsyncGenerator<RecordBatch<unknown>, void, undefined> {
    return batchesOf(this.#executor, this.relation, options)
  }

  async *toLocalIterator(options?: ExecuteOptions): AsyncGenerator<unknown, void, undefined> {
    for await (const batch of this.batches(options)) yield* batch.rows()
  }

  async collect(options?: ExecuteOptions): Promise<unknown[]> {
    return rowsOf(this.#executor, this.relation, options)
  }
  toArrow(options?: ExecuteOptions): Promise<Uint8Array> {
    return arrowOf(this.#executor, this.relation, options)
  }
  async collectTuples(options?: ExecuteOptions): Promise<unknown[][]> {
    const parts: unknown[][][] = []
    for await (const batch of this.batches(options)) parts.push(batch.tuples())
    return parts.flat()
  }
  async first(options?: ExecuteOptions): Promise<unknown> {
    return (await this.take(1, options))[0] ?? null
  }
  async head(n?: number, options?: ExecuteOptions): Promise<unknown> {
    return n === undefined ? this.first(options) : this.take(n, options)
  }
  async take(n: number, options?: ExecuteOptions): Promise<unknown[]> {
    return this.limit(n).collect(options)
  }
  async tail(n: number, options?: ExecuteOptions): Promise<unknown[]> {
    return this.#wrap({ case: 'tail', value: { input: this.relation, limit: n } }).collect(options)
  }
  async count(options?: ExecuteOptions): Promise<bigint> {
    const counted = frameOf(this.agg(functionNode('count', [1])))
    return (await firstCell(this.#executor, counted.relation, options)) as bigint
  }
  async isEmpty(options?: ExecuteOptions): Promise<boolean> {
    for await (const batch of frameOf(this.select().limit(1)).batches(options)) if (batch.numRows > 0) return false
    return true
  }
  async foreach(visit: (row: unknown) => void | Promise<void>, options?: ExecuteOptions): Promise<void> {
    for await (const row of this.toLocalIterator(options)) await visit(row)
  }
  async show(n?: number, truncate?: boolean | number, vertical?: boolean): Promise<void> {
    process.stdout.write(`${await this.showString(n, truncate, vertical)}\n`)
  }
  async showString(numRows = 20, truncate: boolean | number = true, vertical = false): Promise<string> {
    const width = truncate === true ? 20 : truncate === false ? 0 : truncate
    const shown = this.#wrap({
      case: 'showString',
      value: { input: this.relation, numRows, truncate: width, vertical },
    })
    return (await firstCell(this.#executor, frameOf(shown).relation)) as string
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
  async printSchema(): Promise<void> {
    process.stdout.write((await this.schema()).treeString())
  }
  async explain(mode: ExplainMode = 'simple', options?: CallOptions): Promise<string> {
    const value = { plan: planOf(this.relation), explainMode: explainModes[mode] }
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
    const value = { targetPlan: planOf(this.relation), otherPlan: planOf(frameOf(other).relation) }
    return (await this.#analyze({ case: 'sameSemantics', value })).result
  }
  async semanticHash(): Promise<number> {
    return (await this.#analyze({ case: 'semanticHash', value: { plan: planOf(this.relation) } })).result
  }
  #analyze<C extends NonNullable<AnalyzePlanRequest['analyze']['case']> & Parameters<typeof analyze>[1]['case']>(
    request: { case: C; value: object },
    options?: CallOptions,
  ) {
    return analyze<C>(this.#executor, request as never, options)
  }

  // ── keeping ──

  async cache(): Promise<UntypedFrame> {
    return this.persist()
  }
  async persist(storageLevel: StorageLevel = storageLevels.MEMORY_AND_DISK_DESER): Promise<UntypedFrame> {
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
    { eager = true, storageLevel, ...options }: { eager?: boolean; storageLevel?: StorageLevel } & ExecuteOptions,
  ): Promise<CheckpointedDataFrame<unknown>> {
    const executor = this.#executor
    const value = { relation: this.relation, local, eager, ...(storageLevel && { storageLevel }) }
    const answer = await runCommand(
      executor,
      { case: 'checkpointCommand', value: value as never },
      'checkpointCommandResult',
      options,
    )
    const relationId = answer?.relation?.relationId
    if (relationId === undefined) throw new TypeError('the server answered a checkpoint without its id')
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
    await runCommand(this.#executor, {
      case: 'createDataframeView',
      value: { input: this.relation, name, isGlobal, replace } as never,
    })
  }

  // ── writing ──

  get write(): DataFrameWriter {
    return new DataFrameWriter(this.#executor, this.relation)
  }
  writeTo(table: string): DataFrameWriterV2 {
    return new DataFrameWriterV2(this.#executor, this.relation, table)
  }
  get writeStream(): DataStreamWriter {
    return new DataStreamWriter(this.#executor, this.relation)
  }
  mergeInto(table: string, condition: Column<boolean | null>): MergeIntoWriter {
    return new MergeIntoWriter(this.#executor, this.relation, table, condition)
  }
}

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const seedOf = (seed: number | bigint | undefined): bigint => BigInt(seed ?? randomInt(2 ** 47))

const partitioning = (args: readonly unknown[]): { count: number | undefined; nodes: ColumnNode[] } => {
  const [first, ...rest] = args.flat()
  return typeof first === 'number'
    ? { count: first, nodes: rest.map(columnNode) }
    : { count: undefined, nodes: args.flat().map(columnNode) }
}

/** The same relation under another plan id; what it is made of is shared. */
const renumber = (relation: Relation, planId: bigint): Relation =>
  create(RelationSchema, { common: { planId }, relType: relation.relType })

/** The typed view of a frame. */
export const asFrame = <R = unknown>(frame: Frame): DataFrame<R> => frame as unknown as DataFrame<R>

/** The class behind a typed frame. */
export const frameOf = (frame: UntypedFrame): Frame => frame as unknown as Frame

/** A frame of a session made of a new relation. */
export const newFrame = <R>(executor: Executor, make: (planId: bigint) => Relation): DataFrame<R> => {
  const planId = executor.nextPlanId()
  return asFrame(new Frame(executor, planId, make(planId)))
}

/** Whether a value is a frame. */
export const isDataFrame = (value: unknown): value is UntypedFrame => value instanceof Frame
