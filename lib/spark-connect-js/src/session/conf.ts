import { create } from '@bufbuild/protobuf'
import type { CallOptions, Executor } from '../core/executor.ts'
import { type ConfigRequest_Operation, ConfigRequest_OperationSchema } from '../gen/spark/connect/base_pb.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue } from '../types/index.ts'

/** *Errors:* TypeError for null and objects, whose text is not meant. */
const settingText = (key: string, value: unknown): string => {
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value)
  throw mistake(
    `conf.set: '${key}' is a text, number or boolean, not ${describeValue(value)}; unset() gives the default back`,
  )
}

/** What a setting may be set to; numbers and booleans are sent as their text. */
export type ConfValue = string | number | bigint | boolean

type SetOptions = CallOptions & { readonly silent?: boolean }

/**
 * The settings of one session (`spark.conf`).
 *
 * Each call is one request. Settings that a running server cannot change (static ones) are refused by it.
 */
export class RuntimeConfig {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /**
   * The value of a setting; `fallback` where it has neither a value nor a default.
   * *Errors:* SparkConnectError SQL_CONF_NOT_FOUND for such a setting without `fallback`.
   */
  async get(key: string, options?: CallOptions): Promise<string>
  async get(key: string, fallback: string | null, options?: CallOptions): Promise<string | null>
  async get(key: string, ...rest: (string | null | CallOptions | undefined)[]): Promise<string | null> {
    const [first, second] = rest
    if (typeof first === 'string' || first === null) {
      const [value] = await this.getMany([key], second as CallOptions | undefined)
      return value ?? first
    }
    const pairs = await this.#run({ case: 'get', value: { keys: [key] } }, first)
    return pairs[0]?.value ?? null
  }

  /** The values of several settings in one request, in their order; null where a setting has no value. */
  async getMany(keys: readonly string[], options?: CallOptions): Promise<(string | null)[]> {
    if (keys.length === 0) return []
    const pairs = await this.#run({ case: 'getOption', value: { keys: [...keys] } }, options)
    const found = new Map(pairs.map(({ key, value }) => [key, value]))
    return keys.map((key) => found.get(key) ?? null)
  }

  /** All settings with a value, or those whose key begins with `prefix`, by key. */
  async getAll(prefix?: string, options?: CallOptions): Promise<Map<string, string>> {
    const pairs = await this.#run({ case: 'getAll', value: prefix === undefined ? {} : { prefix } }, options)
    // The server gives the keys without the prefix that it was asked for.
    return new Map(pairs.map(({ key, value }) => [`${prefix ?? ''}${key}`, value ?? '']))
  }

  /**
   * Sets one setting, or several in one request; with `silent` those that cannot be changed are passed over.
   * *Errors:* SparkConnectError, for example CANNOT_MODIFY_CONFIG.
   */
  async set(key: string, value: ConfValue, options?: SetOptions): Promise<void>
  async set(values: Readonly<Record<string, ConfValue>>, options?: SetOptions): Promise<void>
  async set(
    first: string | Readonly<Record<string, ConfValue>>,
    second?: ConfValue | SetOptions,
    third?: SetOptions,
  ): Promise<void> {
    const [values, options] =
      typeof first === 'string' ? [{ [first]: second as ConfValue }, third] : [first, second as SetOptions | undefined]
    const pairs = Object.entries(values).map(([key, value]) => ({ key, value: settingText(key, value) }))
    const silent = options?.silent ?? false
    if (pairs.length > 0) await this.#run({ case: 'set', value: { pairs, silent } }, options)
  }

  /** Takes a setting back to its default. */
  async unset(key: string, options?: CallOptions): Promise<void> {
    await this.#run({ case: 'unset', value: { keys: [key] } }, options)
  }

  /** Whether a session may change the setting. */
  async isModifiable(key: string, options?: CallOptions): Promise<boolean> {
    const pairs = await this.#run({ case: 'isModifiable', value: { keys: [key] } }, options)
    return pairs[0]?.value === 'true'
  }

  async #run(opType: OperationInit, options: CallOptions | undefined) {
    const operation = create(ConfigRequest_OperationSchema, { opType } as { opType: ConfigRequest_Operation['opType'] })
    return (await this.#executor.config(operation, options)).pairs
  }
}

type OperationInit =
  | { readonly case: 'get' | 'getOption' | 'unset' | 'isModifiable'; readonly value: { readonly keys: string[] } }
  | { readonly case: 'getAll'; readonly value: { readonly prefix?: string } }
  | {
      readonly case: 'set'
      readonly value: { readonly pairs: { key: string; value: string }[]; readonly silent: boolean }
    }
