import { runCommand } from '../core/execution.ts'
import type { CallOptions, Executor } from '../core/executor.ts'
import { command } from '../plan/command.ts'
import { type DataType, describeValue, parseType, typeToProto } from '../types/index.ts'

/**
 * Functions written in Java, by the names of their classes: `spark.udf`. The server must have the classes:
 * `await spark.addArtifacts(['functions.jar'])`, or its own class path.
 *
 * `await spark.udf.registerJavaFunction('len_twice', 'org.example.LenTwice', 'int')` makes a function for SQL; a frame
 * calls it by `call_function('len_twice', c.name)`.
 */
export class FunctionRegistration {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /**
   * A function of rows: a class that implements `org.apache.spark.sql.api.java.UDF0` … `UDF22`.
   *
   * Without a return type Spark takes that of the class.
   * *Errors:* SparkConnectError, also if the server does not have the class.
   */
  async registerJavaFunction(
    name: string,
    className: string,
    returnType?: DataType | string,
    options?: CallOptions,
  ): Promise<void> {
    checkNames('registerJavaFunction', name, className)
    const type = typeof returnType === 'string' ? parseType(returnType) : returnType
    const outputType = type && { outputType: typeToProto(type) }
    await this.#register(name, { className, aggregate: false, ...outputType }, options)
  }

  /** An aggregate: a class that extends `org.apache.spark.sql.expressions.UserDefinedAggregateFunction`. */
  async registerJavaUDAF(name: string, className: string, options?: CallOptions): Promise<void> {
    checkNames('registerJavaUDAF', name, className)
    await this.#register(name, { className, aggregate: true }, options)
  }

  async #register(functionName: string, value: object, options?: CallOptions): Promise<void> {
    const registration = { functionName, deterministic: true, function: { case: 'javaUdf', value } }
    await runCommand(
      this.#executor,
      command({ case: 'registerFunction', value: registration as never }),
      undefined,
      options,
    )
  }
}

const checkNames = (method: string, name: unknown, className: unknown): void => {
  for (const [what, value] of Object.entries({ 'a name for SQL': name, 'the name of a Java class': className })) {
    if (typeof value !== 'string' || value === '') {
      throw new TypeError(
        `udf.${method}() takes ${what}, not ${describeValue(value)}: udf.${method}('f', 'org.example.F')`,
      )
    }
  }
}
