import { randomInt } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import {
  asColumn,
  type Column,
  ColumnNode,
  columnNode,
  functionNode,
  isColumn,
  mergeReferences,
  operandNode,
  subqueryNode,
} from '../column/column.ts'
import { columnsOf, namedColumns, underName } from '../column/columns-of.ts'
import { internalFn } from '../functions/call.ts'
import { type Relation, RelationSchema } from '../gen/spark/connect/relations_pb.ts'
import {
  asSortOrder,
  attribute,
  columnsMatching,
  directPartitionId,
  exactAttribute,
  sqlExpression,
} from '../plan/expression.ts'
import * as relations from '../plan/relation.ts'
import type { StructType } from '../types/index.ts'
import type { GroupedData, OrderBy, UntypedFrame } from './dataframe.ts'
import { asFrame, FrameNode, relationOf } from './frame-node.ts'
import { asGroupedData, Groups } from './grouped-data.ts'
import { NaFunctions } from './na.ts'
import { type Observation, watch } from './observation.ts'
import type { Build, Columns, Named } from './row-types.ts'
import { StatFunctions } from './stat.ts'
import { TableArg } from './table-arg.ts'

type Condition = Column<boolean | null> | string | ((columns: Columns<unknown>) => Column<boolean | null>)

/** What makes a frame of a frame; nothing here asks the server. */
export abstract class FrameQueries extends FrameNode {
  #condition(condition: Condition): ColumnNode {
    if (typeof condition === 'string') return new ColumnNode(sqlExpression(condition))
    return operandNode(typeof condition === 'function' ? condition(columnsOf()) : condition)
  }

  // ── columns ──

  col(name: string): ColumnNode {
    this.address()
    const node = columnNode(name)
    const { exprType } = node.expression
    if (exprType.case === 'unresolvedAttribute') return new ColumnNode(attribute(name, this.planId))
    if (exprType.case === 'unresolvedStar') exprType.value.planId = this.planId
    return node
  }

  colRegex(pattern: string): ColumnNode {
    this.address()
    return new ColumnNode(columnsMatching(pattern, this.planId))
  }

  metadataColumn(name: string): ColumnNode {
    this.address()
    return new ColumnNode(attribute(name, this.planId, true))
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

  inline(name: string): UntypedFrame {
    return this.select('*', functionNode('inline', [new ColumnNode(exactAttribute(name))])).drop(name)
  }

  selectExpr(...expressions: (string | string[])[]): UntypedFrame {
    return this.wrap({
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
    return this.extend([{ name, node: operandNode(built) }])
  }

  withColumns(build: Build<unknown, Named>): UntypedFrame {
    return this.extend(namedColumns(columnsOf(), build))
  }

  withMetadata(name: string, metadata: Readonly<Record<string, unknown>>): UntypedFrame {
    return this.extend([{ name, node: columnNode(name), metadata: JSON.stringify(metadata) }])
  }

  withColumnRenamed(existing: string, name: string): UntypedFrame {
    return this.withColumnsRenamed({ [existing]: name })
  }

  withColumnsRenamed(names: Readonly<Record<string, string>>): UntypedFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({ colName, newColName }))
    return this.wrap({ case: 'withColumnsRenamed', value: { input: this.relation, renames } })
  }

  drop(...columns: unknown[]): UntypedFrame {
    const columnNames = columns.filter((column) => typeof column === 'string')
    const nodes = columns.filter((column) => typeof column !== 'string').map(operandNode)
    const value = { input: this.relation, columnNames, columns: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'drop', value }, nodes)
  }

  toDF(...columnNames: string[]): UntypedFrame {
    return this.wrap({ case: 'toDf', value: { input: this.relation, columnNames } })
  }

  // ── rows ──

  alias(alias: string): UntypedFrame {
    return this.wrap({ case: 'subqueryAlias', value: { input: this.relation, alias } })
  }
  limit(n: number): UntypedFrame {
    return this.wrap({ case: 'limit', value: { input: this.relation, limit: n } })
  }
  offset(n: number): UntypedFrame {
    return this.wrap({ case: 'offset', value: { input: this.relation, offset: n } })
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
    return this.wrap({
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
    return this.wrap({ case: 'sample', value })
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
    return this.derive((planId) => relations.join(planId, this.relation, relationOf(right), 'cross'))
  }

  join(other: UntypedFrame, on?: unknown, how = 'inner'): UntypedFrame {
    const right = relationOf(other)
    if (typeof on === 'function') {
      // Ids of their own for both sides, so that a frame can be joined with itself or with one made of it.
      const [leftId, rightId] = [this.executor.nextPlanId(), this.executor.nextPlanId()]
      const condition = operandNode(on(columnsOf(leftId), columnsOf(rightId)))
      return this.derive(
        (planId) =>
          relations.join(planId, renumber(this.relation, leftId), renumber(right, rightId), how, {
            joinCondition: condition.expression,
          }),
        [condition],
      )
    }
    const keys = on === undefined ? [] : [on].flat()
    if (keys.every((key) => typeof key === 'string')) {
      return this.derive((planId) =>
        relations.join(planId, this.relation, right, how, keys.length > 0 ? { usingColumns: keys } : {}),
      )
    }
    const nodes = keys.map(operandNode)
    const condition = nodes.reduce((all, node) => all.and(node))
    return this.derive(
      (planId) => relations.join(planId, this.relation, right, how, { joinCondition: condition.expression }),
      [condition],
    )
  }

  lateralJoin(other: UntypedFrame, on?: Column<boolean | null>, how = 'inner'): UntypedFrame {
    const condition = on && operandNode(on)
    const value = {
      left: this.relation,
      right: relationOf(other),
      joinType: relations.joinType(how),
      ...(condition && { joinCondition: condition.expression }),
    }
    return this.wrap({ case: 'lateralJoin', value }, condition ? [condition] : [])
  }

  asOfJoin(other: UntypedFrame, options: Parameters<UntypedFrame['asOfJoin']>[1]): UntypedFrame {
    const [leftAsOf, rightAsOf] = [operandNode(options.leftAsOf), operandNode(options.rightAsOf)]
    const condition = isColumn(options.on) ? operandNode(options.on) : undefined
    const tolerance = options.tolerance && operandNode(options.tolerance)
    const value = {
      left: this.relation,
      right: relationOf(other),
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
    return this.wrap({ case: 'asOfJoin', value }, nodes)
  }

  nearestByJoin(
    other: UntypedFrame,
    ranking: Column<unknown>,
    numResults: number,
    mode: string,
    direction: string,
    how = 'inner',
  ): UntypedFrame {
    this.executor.requireVersion('4.2', 'nearestByJoin')
    const node = operandNode(ranking)
    const value = {
      left: this.relation,
      right: relationOf(other),
      rankingExpression: node.expression,
      numResults,
      mode,
      direction,
      joinType: how,
    }
    return this.wrap({ case: 'nearestByJoin', value }, [node])
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
    return this.derive((planId) => relations.setOperation(planId, kind, this.relation, relationOf(other), options))
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
    return this.wrap({ case: 'unpivot', value }, [...idNodes, ...(valueNodes ?? [])])
  }
  melt(...args: Parameters<FrameQueries['unpivot']>): UntypedFrame {
    return this.unpivot(...args)
  }
  transpose(indexColumn?: unknown): UntypedFrame {
    const nodes = indexColumn === undefined ? [] : [columnNode(indexColumn)]
    const value = { input: this.relation, indexColumns: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'transpose', value }, nodes)
  }
  toJSON(): UntypedFrame {
    return this.select(asColumn(functionNode('to_json', [functionNode('struct', [columnNode('*')])])).as('value'))
  }
  hint(name: string, ...parameters: unknown[]): UntypedFrame {
    const nodes = parameters.map(operandNode)
    const value = { input: this.relation, name, parameters: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'hint', value }, nodes)
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
    this.executor.requireVersion('4.1', 'repartitionById')
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
    return this.wrap({ case: 'withWatermark', value: { input: this.relation, eventTime, delayThreshold } })
  }
  observe(observation: Observation | string, ...metrics: Column<unknown>[]): UntypedFrame {
    const nodes = metrics.map(operandNode)
    const name = typeof observation === 'string' ? observation : watch(observation, this.executor)
    const value = { input: this.relation, name, metrics: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'collectMetrics', value }, nodes)
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
    return { executor: this.executor, relation: this.relation, derive: this.derive.bind(this) }
  }
  describe(...cols: (string | string[])[]): UntypedFrame {
    return this.wrap({ case: 'describe', value: { input: this.relation, cols: cols.flat() } })
  }
  summary(...statistics: (string | string[])[]): UntypedFrame {
    return this.wrap({ case: 'summary', value: { input: this.relation, statistics: statistics.flat() } })
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
