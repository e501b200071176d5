import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type Expression,
  type Expression_Alias,
  Expression_AliasSchema,
  Expression_Cast_EvalMode,
  type Expression_Literal,
  type Expression_SortOrder,
  Expression_SortOrder_NullOrdering,
  Expression_SortOrder_SortDirection,
  Expression_SortOrderSchema,
  type Expression_Window_WindowFrame,
  Expression_Window_WindowFrame_FrameType,
  Expression_Window_WindowFrameSchema,
  ExpressionSchema,
  MergeAction_ActionType,
  SubqueryExpression_SubqueryType,
} from '../gen/spark/connect/expressions_pb.ts'
import {
  DataType,
  DayTimeIntervalType,
  describeValue,
  GeoType,
  isAbsent,
  quoteIdentifier,
  StringType,
  stored,
  typeToProto,
  YearMonthIntervalType,
} from '../types/index.ts'
import { literalOf, refusing } from './literal.ts'
import { originOf } from './origin.ts'

export type { Expression, Expression_Alias, Expression_Literal, Expression_SortOrder }

const expression = (exprType: MessageInitShape<typeof ExpressionSchema>['exprType']): Expression => {
  const fragment = fragmentOf(exprType as ExprType)
  const common = fragment === undefined ? undefined : originOf(fragment)
  return create(ExpressionSchema, { exprType, ...(common && { common }) } as MessageInitShape<typeof ExpressionSchema>)
}

type ExprType = Expression['exprType']

/** What an error may name as the maker of an expression; undefined for those that are never at fault. */
const fragmentOf = ({ case: kind, value }: ExprType): string | undefined => {
  switch (kind) {
    case 'unresolvedFunction':
    case 'callFunction':
      return value.functionName
    case 'unresolvedAttribute':
    case 'unresolvedStar':
    case 'unresolvedRegex':
      return 'col'
    case 'expressionString':
      return 'expr'
    case 'unresolvedExtractValue':
      return 'getItem'
    case 'updateFields':
      return 'withField'
    case 'window':
      return 'over'
    case 'cast':
      return 'cast'
    default:
      return undefined
  }
}

/** A message that only a plug-in of the server reads. */
export const extensionExpression = (value: { readonly typeUrl: string; readonly value: Uint8Array }): Expression =>
  expression({ case: 'extension', value })

/** A column by its name as SQL writes it: `a`, `a.b` (a field of a struct), `` `a.b` `` (a column with a dot in its name). */
export const attribute = (unparsedIdentifier: string, planId?: bigint, isMetadataColumn?: boolean): Expression =>
  expression({
    case: 'unresolvedAttribute',
    value: {
      unparsedIdentifier,
      ...(planId !== undefined && { planId }),
      ...(isMetadataColumn !== undefined && { isMetadataColumn }),
    },
  })

/** A column by its exact name, whatever characters it has. */
export const exactAttribute = (name: string, planId?: bigint): Expression =>
  attribute(/[.`]/.test(name) ? quoteIdentifier(name) : name, planId)

/** All columns: `*`, of one relation (`d.*` has the target `d.*`) or of one plan. */
export const star = (unparsedTarget?: string, planId?: bigint): Expression =>
  expression({
    case: 'unresolvedStar',
    value: { ...(unparsedTarget !== undefined && { unparsedTarget }), ...(planId !== undefined && { planId }) },
  })

/** What `col(text)` means: a star where the text ends in one, else an attribute. */
export const columnNamed = (text: string, planId?: bigint): Expression => {
  if (text === '*') return star(undefined, planId)
  if (text.endsWith('.*')) return star(text, planId)
  return attribute(text, planId)
}

/** Every column whose name matches; a pattern is a backquoted regular expression. */
export const columnsMatching = (colName: string, planId?: bigint): Expression =>
  expression({ case: 'unresolvedRegex', value: { colName, ...(planId !== undefined && { planId }) } })

/** A literal of the given type, or of the type that the value has by itself. */
export const literalExpression = (value: unknown, type?: DataType): Expression => {
  if (type instanceof GeoType) return geoLiteral(value, type)
  const bare = expression({ case: 'literal', value: literalOf(value, type) })
  return type && losesType(type) ? cast(bare, type) : bare
}

/** Whether a bare literal message has another type: those of text and intervals carry no collation and no fields. */
const losesType = (type: DataType): boolean =>
  (type instanceof StringType && type.collation !== '') ||
  (type instanceof YearMonthIntervalType && type.end - type.start < 1) ||
  (type instanceof DayTimeIntervalType && type.end - type.start < 3)

/** There is no message for geometries: they are made of their bytes. */
const geoLiteral = (value: unknown, type: GeoType): Expression => {
  if (isAbsent(value)) return cast(literalExpression(null), type)
  const { wkb, srid } = refusing(() => stored.geo(value, type))
  const made = call(type.kind === 'geometry' ? 'st_geomfromwkb' : 'st_geogfromwkb', [literalExpression(wkb)])
  const placed = call('st_setsrid', [made, literalExpression(srid)])
  return type.srid === srid ? placed : cast(placed, type)
}

export const sqlExpression = (text: string): Expression =>
  expression({ case: 'expressionString', value: { expression: text } })

/** A call of a built-in function. */
export const call = (
  functionName: string,
  args: readonly Expression[],
  options: { readonly isDistinct?: boolean; readonly isInternal?: boolean } = {},
): Expression => expression({ case: 'unresolvedFunction', value: { functionName, arguments: [...args], ...options } })

/** A call of a function by a name that the catalog knows, built-in or registered. */
export const callRegistered = (functionName: string, args: readonly Expression[]): Expression =>
  expression({ case: 'callFunction', value: { functionName, arguments: [...args] } })

export const namedArgument = (key: string, value: Expression): Expression =>
  expression({ case: 'namedArgumentExpression', value: { key, value } })

export const aliasNode = (expr: Expression, name: readonly string[], metadata?: string): Expression_Alias =>
  create(Expression_AliasSchema, { expr, name: [...name], ...(metadata !== undefined && { metadata }) })

export const alias = (expr: Expression, name: readonly string[], metadata?: string): Expression =>
  expression({ case: 'alias', value: aliasNode(expr, name, metadata) })

export const cast = (expr: Expression, to: DataType | string, isTry = false): Expression => {
  if (typeof to !== 'string' && !(to instanceof DataType)) {
    throw new TypeError(`a cast takes a type, types.long or 'bigint', not ${describeValue(to)}`)
  }
  return expression({
    case: 'cast',
    value: {
      expr,
      castToType: typeof to === 'string' ? { case: 'typeStr', value: to } : { case: 'type', value: typeToProto(to) },
      ...(isTry && { evalMode: Expression_Cast_EvalMode.TRY }),
    },
  })
}

export type Direction = 'asc' | 'desc'
export type Nulls = 'first' | 'last'

/** *Nulls:* Spark's default is first when ascending and last when descending; the message always says which. */
export const sortOrderNode = (child: Expression, direction: Direction = 'asc', nulls?: Nulls): Expression_SortOrder =>
  create(Expression_SortOrderSchema, {
    child,
    direction:
      direction === 'asc'
        ? Expression_SortOrder_SortDirection.ASCENDING
        : Expression_SortOrder_SortDirection.DESCENDING,
    nullOrdering:
      (nulls ?? (direction === 'asc' ? 'first' : 'last')) === 'first'
        ? Expression_SortOrder_NullOrdering.SORT_NULLS_FIRST
        : Expression_SortOrder_NullOrdering.SORT_NULLS_LAST,
  })

export const sortOrder = (child: Expression, direction: Direction, nulls?: Nulls): Expression =>
  expression({ case: 'sortOrder', value: sortOrderNode(child, direction, nulls) })

/** The order that an expression stands for: its own, or ascending. */
export const asSortOrder = (child: Expression): Expression_SortOrder =>
  child.exprType.case === 'sortOrder' ? child.exprType.value : sortOrderNode(child)

/** An item of an array or map, or a field of a struct. */
export const extract = (child: Expression, extraction: Expression): Expression =>
  expression({ case: 'unresolvedExtractValue', value: { child, extraction } })

/** A struct with one field set, or, without a value, left out. */
export const updateField = (
  structExpression: Expression,
  fieldName: string,
  valueExpression?: Expression,
): Expression =>
  expression({
    case: 'updateFields',
    value: { structExpression, fieldName, ...(valueExpression && { valueExpression }) },
  })

export const lambdaVariable = (name: string): Expression =>
  expression({ case: 'unresolvedNamedLambdaVariable', value: { nameParts: [name] } })

export const lambda = (body: Expression, variables: readonly string[]): Expression =>
  expression({
    case: 'lambdaFunction',
    value: { function: body, arguments: variables.map((name) => ({ nameParts: [name] })) },
  })

/** Where a window frame ends on one side. */
export type Bound = 'unbounded' | 'current' | Expression

const boundary = (bound: Bound) =>
  bound === 'unbounded'
    ? { boundary: { case: 'unbounded' as const, value: true } }
    : bound === 'current'
      ? { boundary: { case: 'currentRow' as const, value: true } }
      : { boundary: { case: 'value' as const, value: bound } }

export const windowFrame = (kind: 'rows' | 'range', lower: Bound, upper: Bound): Expression_Window_WindowFrame =>
  create(Expression_Window_WindowFrameSchema, {
    frameType:
      kind === 'rows' ? Expression_Window_WindowFrame_FrameType.ROW : Expression_Window_WindowFrame_FrameType.RANGE,
    lower: boundary(lower),
    upper: boundary(upper),
  })

export const over = (
  windowFunction: Expression,
  partitionSpec: readonly Expression[],
  orderSpec: readonly Expression_SortOrder[],
  frameSpec?: Expression_Window_WindowFrame,
): Expression =>
  expression({
    case: 'window',
    value: {
      windowFunction,
      partitionSpec: [...partitionSpec],
      orderSpec: [...orderSpec],
      ...(frameSpec && { frameSpec }),
    },
  })

/** The id of the partition that a row shall go to, for `repartitionById`. */
export const directPartitionId = (child: Expression): Expression =>
  expression({ case: 'directShufflePartitionId', value: { child } })

const subqueryTypes = {
  scalar: SubqueryExpression_SubqueryType.SCALAR,
  exists: SubqueryExpression_SubqueryType.EXISTS,
  tableArg: SubqueryExpression_SubqueryType.TABLE_ARG,
  in: SubqueryExpression_SubqueryType.IN,
} as const

export interface TableArgument {
  readonly partitionSpec: readonly Expression[]
  readonly orderSpec: readonly Expression_SortOrder[]
  readonly withSinglePartition?: boolean
}

/** Another relation, by its plan id, inside an expression; the relation itself travels in WithRelations. */
export const subquery = (
  kind: keyof typeof subqueryTypes,
  planId: bigint,
  options: { readonly values?: readonly Expression[]; readonly table?: TableArgument } = {},
): Expression =>
  expression({
    case: 'subqueryExpression',
    value: {
      planId,
      subqueryType: subqueryTypes[kind],
      inSubqueryValues: [...(options.values ?? [])],
      ...(options.table && {
        tableArgOptions: {
          partitionSpec: [...options.table.partitionSpec],
          orderSpec: [...options.table.orderSpec],
          ...(options.table.withSinglePartition !== undefined && {
            withSinglePartition: options.table.withSinglePartition,
          }),
        },
      }),
    },
  })

const mergeActions = {
  delete: MergeAction_ActionType.DELETE,
  insert: MergeAction_ActionType.INSERT,
  insertAll: MergeAction_ActionType.INSERT_STAR,
  update: MergeAction_ActionType.UPDATE,
  updateAll: MergeAction_ActionType.UPDATE_STAR,
} as const

export const mergeAction = (
  kind: keyof typeof mergeActions,
  condition: Expression | undefined,
  assignments: readonly (readonly [key: Expression, value: Expression])[] = [],
): Expression =>
  expression({
    case: 'mergeAction',
    value: {
      actionType: mergeActions[kind],
      ...(condition && { condition }),
      assignments: assignments.map(([key, value]) => ({ key, value })),
    },
  })
