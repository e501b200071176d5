import { type ColumnNode, mergeReferences } from '../column/node.ts'
import type { References } from '../column/window-parts.ts'
import type { Executor } from '../core/executor.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { aliasNode, type Expression, type Expression_Alias } from '../plan/expression.ts'
import * as relations from '../plan/relation.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue } from '../types/index.ts'
import type { DataFrame, UntypedFrame } from './dataframe.ts'

/** Columns added to another frame: kept apart from the relation so that a chain of them becomes one message. */
export interface Extension {
  readonly base: FrameNode
  readonly aliases: readonly Expression_Alias[]
  readonly references: References
  /** Lower-case names that the expressions mention; undefined when they cannot be listed (SQL text, stars, subqueries). */
  readonly mentions: ReadonlySet<string> | undefined
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

/** What a frame is made of: an executor and the message of a relation. It knows no row types. */
export abstract class FrameNode {
  readonly #executor: Executor
  readonly #planId: bigint
  readonly #source: Relation | Extension
  #isAddressed = false
  #built: { readonly relation: Relation; readonly skipped: readonly FrameNode[] } | undefined

  constructor(executor: Executor, planId: bigint, source: Relation | Extension) {
    this.#executor = executor
    this.#planId = planId
    this.#source = source
  }

  /** A frame of the same class and session. */
  protected abstract make(planId: bigint, source: Relation | Extension): UntypedFrame

  // Getters, so that printing a frame shows nothing of its connection.
  protected get executor(): Executor {
    return this.#executor
  }
  protected get planId(): bigint {
    return this.#planId
  }

  /** From now on a column speaks of this very frame: it stays a message of its own. */
  protected address(): void {
    this.#isAddressed = true
  }

  /** The message of this frame. Consecutive withColumns are one node unless a column of the frame between them is in use. */
  get relation(): Relation {
    if (!('base' in this.#source)) return this.#source
    if (this.#built?.skipped.every((frame) => !frame.#isAddressed)) return this.#built.relation
    const { references, mentions } = this.#source
    let aliases = this.#source.aliases
    let base = this.#source.base
    const skipped: FrameNode[] = []
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

  /** A new frame of the same session. Columns with subqueries bring the relations that they read. */
  derive(
    make: (planId: bigint) => Relation,
    columns: readonly { readonly references: References }[] = [],
  ): UntypedFrame {
    const planId = this.#executor.nextPlanId()
    const relation = relations.withReferences(this.#executor, make(planId), mergeReferences(columns))
    return this.make(planId, relation)
  }

  protected wrap(relType: Parameters<typeof relations.relation>[1], columns: readonly ColumnNode[] = []): UntypedFrame {
    return this.derive((planId) => relations.relation(planId, relType), columns)
  }

  protected extend(columns: readonly { name: string; node: ColumnNode; metadata?: string }[]): UntypedFrame {
    if (columns.length === 0) return asFrame(this)
    const aliases = columns.map(({ name, node, metadata }) => aliasNode(node.expression, [name], metadata))
    const extension: Extension = {
      base: this,
      aliases,
      references: mergeReferences(columns.map(({ node }) => node)),
      mentions: mentionsOf(columns.map(({ node }) => node.expression)),
    }
    return this.make(this.#executor.nextPlanId(), extension)
  }
}

/** The typed view of a frame. */
export const asFrame = <R = unknown>(frame: FrameNode): DataFrame<R> => frame as unknown as DataFrame<R>

/** The message of a typed frame. */
export const relationOf = (frame: UntypedFrame): Relation => {
  if ((frame as unknown) instanceof FrameNode) return (frame as unknown as FrameNode).relation
  const hint = (frame as unknown) instanceof Promise ? '; await what sql() and createDataFrame() promise' : ''
  throw mistake(`a DataFrame is expected, not ${describeValue(frame)}${hint}`)
}
