import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { References } from '../column/window-parts.ts'
import type { How } from '../dataframe/row-types.ts'
import { type Catalog, CatalogSchema } from '../gen/spark/connect/catalog_pb.ts'
import type {
  Expression,
  Expression_Alias,
  Expression_Literal,
  Expression_SortOrder,
} from '../gen/spark/connect/expressions_pb.ts'
import {
  Aggregate_GroupType,
  Join_JoinType,
  Parse_ParseFormat,
  type Relation,
  RelationSchema,
  SetOperation_SetOpType,
} from '../gen/spark/connect/relations_pb.ts'
import { type DataType, typeToProto } from '../types/index.ts'

export type { Relation }

type RelType = NonNullable<MessageInitShape<typeof RelationSchema>['relType']>

/** A relation of any kind with its plan id; the functions below name the kinds that need thought. */
export const relation = (planId: bigint, relType: RelType): Relation =>
  create(RelationSchema, { common: { planId }, relType } as MessageInitShape<typeof RelationSchema>)

/** Joins by the words that Spark takes. */
export const joinTypes: Readonly<Record<How, Join_JoinType>> = {
  inner: Join_JoinType.INNER,
  cross: Join_JoinType.CROSS,
  left: Join_JoinType.LEFT_OUTER,
  leftouter: Join_JoinType.LEFT_OUTER,
  left_outer: Join_JoinType.LEFT_OUTER,
  right: Join_JoinType.RIGHT_OUTER,
  rightouter: Join_JoinType.RIGHT_OUTER,
  right_outer: Join_JoinType.RIGHT_OUTER,
  outer: Join_JoinType.FULL_OUTER,
  full: Join_JoinType.FULL_OUTER,
  fullouter: Join_JoinType.FULL_OUTER,
  full_outer: Join_JoinType.FULL_OUTER,
  semi: Join_JoinType.LEFT_SEMI,
  leftsemi: Join_JoinType.LEFT_SEMI,
  left_semi: Join_JoinType.LEFT_SEMI,
  anti: Join_JoinType.LEFT_ANTI,
  leftanti: Join_JoinType.LEFT_ANTI,
  left_anti: Join_JoinType.LEFT_ANTI,
}

export const joinType = (how: string): Join_JoinType => {
  const type = joinTypes[how.toLowerCase() as How]
  if (type === undefined) {
    throw new TypeError(`unknown join type '${how}'; use one of ${Object.keys(joinTypes).join(', ')}`)
  }
  return type
}

export const project = (planId: bigint, input: Relation, expressions: Expression[]): Relation =>
  relation(planId, { case: 'project', value: { input, expressions } })

export const filter = (planId: bigint, input: Relation, condition: Expression): Relation =>
  relation(planId, { case: 'filter', value: { input, condition } })

export const withColumns = (planId: bigint, input: Relation, aliases: Expression_Alias[]): Relation =>
  relation(planId, { case: 'withColumns', value: { input, aliases } })

export const join = (
  planId: bigint,
  left: Relation,
  right: Relation,
  how: string,
  on: { readonly usingColumns?: string[]; readonly joinCondition?: Expression } = {},
): Relation => relation(planId, { case: 'join', value: { left, right, joinType: joinType(how), ...on } })

export const sort = (planId: bigint, input: Relation, order: Expression_SortOrder[], isGlobal: boolean): Relation =>
  relation(planId, { case: 'sort', value: { input, order, isGlobal } })

const groupTypes = {
  groupBy: Aggregate_GroupType.GROUPBY,
  rollup: Aggregate_GroupType.ROLLUP,
  cube: Aggregate_GroupType.CUBE,
  pivot: Aggregate_GroupType.PIVOT,
  groupingSets: Aggregate_GroupType.GROUPING_SETS,
} as const

export type GroupKind = keyof typeof groupTypes

export const aggregate = (
  planId: bigint,
  input: Relation,
  kind: GroupKind,
  groupingExpressions: Expression[],
  aggregateExpressions: Expression[],
  more: {
    readonly pivot?: { readonly col: Expression; readonly values: Expression_Literal[] } | undefined
    readonly groupingSets?: readonly Expression[][] | undefined
  } = {},
): Relation =>
  relation(planId, {
    case: 'aggregate',
    value: {
      input,
      groupType: groupTypes[kind],
      groupingExpressions,
      aggregateExpressions,
      ...(more.pivot && { pivot: more.pivot }),
      ...(more.groupingSets && { groupingSets: more.groupingSets.map((groupingSet) => ({ groupingSet })) }),
    },
  })

const setOperations = {
  union: SetOperation_SetOpType.UNION,
  intersect: SetOperation_SetOpType.INTERSECT,
  except: SetOperation_SetOpType.EXCEPT,
} as const

export const setOperation = (
  planId: bigint,
  kind: keyof typeof setOperations,
  leftInput: Relation,
  rightInput: Relation,
  options: { readonly isAll: boolean; readonly byName?: boolean; readonly allowMissingColumns?: boolean },
): Relation =>
  relation(planId, {
    case: 'setOp',
    value: {
      leftInput,
      rightInput,
      setOpType: setOperations[kind],
      byName: false,
      allowMissingColumns: false,
      ...options,
    },
  })

/** Repartitions to exactly so many parts; without shuffle it only merges. */
export const repartition = (planId: bigint, input: Relation, numPartitions: number, shuffle: boolean): Relation =>
  relation(planId, { case: 'repartition', value: { input, numPartitions, shuffle } })

export const repartitionBy = (
  planId: bigint,
  input: Relation,
  partitionExprs: Expression[],
  numPartitions?: number,
): Relation =>
  relation(planId, {
    case: 'repartitionByExpression',
    value: { input, partitionExprs, ...(numPartitions !== undefined && { numPartitions }) },
  })

export const toSchema = (planId: bigint, input: Relation, schema: DataType): Relation =>
  relation(planId, { case: 'toSchema', value: { input, schema: typeToProto(schema) } })

/** Rows given with the plan: an Arrow stream, or none at all; the schema as Spark's JSON or DDL. */
export const localRelation = (planId: bigint, schema: string | undefined, data?: Uint8Array): Relation =>
  relation(planId, {
    case: 'localRelation',
    value: { ...(schema !== undefined && { schema }), ...(data && { data }) },
  })

/** *Source:* message Range. */
export const rangeRelation = (
  planId: bigint,
  range: { start: bigint; end: bigint; step: bigint; numPartitions: number | undefined },
): Relation => {
  const { numPartitions, ...bounds } = range
  return relation(planId, {
    case: 'range',
    value: { ...bounds, ...(numPartitions !== undefined && { numPartitions }) },
  })
}

export const sqlRelation = (
  planId: bigint,
  query: string,
  args: { readonly named?: Record<string, Expression>; readonly positional?: Expression[] } = {},
): Relation =>
  relation(planId, {
    case: 'sql',
    value: { query, namedArguments: args.named ?? {}, posArguments: args.positional ?? [] },
  })

const parseFormats = {
  csv: Parse_ParseFormat.CSV,
  json: Parse_ParseFormat.JSON,
  xml: Parse_ParseFormat.XML,
} as const

/** Reads rows out of a frame of one text column. */
export const parse = (
  planId: bigint,
  input: Relation,
  format: keyof typeof parseFormats,
  schema: DataType | undefined,
  options: Record<string, string>,
): Relation =>
  relation(planId, {
    case: 'parse',
    value: { input, format: parseFormats[format], options, ...(schema && { schema: typeToProto(schema) }) },
  })

/** The relation together with those that its expressions refer to by plan id (subqueries, tables in SQL arguments). */
export const withReferences = (ids: { nextPlanId(): bigint }, root: Relation, references: References): Relation =>
  references.size === 0
    ? root
    : relation(ids.nextPlanId(), { case: 'withRelations', value: { root, references: [...references.values()] } })

/** A question to the catalog. */
export const catalogRelation = (planId: bigint, catType: MessageInitShape<typeof CatalogSchema>['catType']): Relation =>
  relation(planId, {
    case: 'catalog',
    value: create(CatalogSchema, { catType } as MessageInitShape<typeof CatalogSchema>) as Catalog,
  })
