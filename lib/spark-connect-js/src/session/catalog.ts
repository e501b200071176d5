import type { MessageInitShape } from '@bufbuild/protobuf'
import { firstCell, rowsOf } from '../core/execution.ts'
import type { Executor } from '../core/executor.ts'
import type { UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, newFrame } from '../dataframe/frame.ts'
import type { StorageLevel } from '../dataframe/storage-level.ts'
import type { CatalogSchema } from '../gen/spark/connect/catalog_pb.ts'
import { catalogRelation, relation } from '../plan/relation.ts'
import { type StructType, typeToProto } from '../types/index.ts'

/** A catalog, as `listCatalogs` gives it. */
export interface CatalogMetadata {
  readonly name: string
  readonly description: string | null
}

/** A database (namespace) of a catalog. */
export interface Database {
  readonly name: string
  readonly catalog: string | null
  readonly description: string | null
  readonly locationUri: string
}

/** A table or view, as `listTables` gives it. */
export interface Table {
  readonly name: string
  readonly catalog: string | null
  readonly namespace: readonly string[] | null
  readonly description: string | null
  /** MANAGED, EXTERNAL, VIEW or TEMPORARY. */
  readonly tableType: string
  readonly isTemporary: boolean
}

/** A column of a table, as `listColumns` gives it. */
export interface CatalogColumn {
  readonly name: string
  readonly description: string | null
  /** As SQL writes it. */
  readonly dataType: string
  readonly nullable: boolean
  readonly isPartition: boolean
  readonly isBucket: boolean
  readonly isCluster: boolean
}

/** A function that SQL can call, as `listFunctions` gives it. */
export interface CatalogFunction {
  readonly name: string
  readonly catalog: string | null
  readonly namespace: readonly string[] | null
  readonly description: string | null
  readonly className: string | null
  readonly isTemporary: boolean
}

type Question = NonNullable<MessageInitShape<typeof CatalogSchema>['catType']>

/** Questions that Spark 4.0 and 4.1 do not know. */
const since42: ReadonlySet<string | undefined> = new Set<Question['case']>([
  'createDatabase',
  'dropDatabase',
  'listViews',
  'dropTable',
  'dropView',
  'truncateTable',
  'analyzeTable',
  'listPartitions',
  'getTableProperties',
  'getCreateTableString',
])

/** The catalog of a session: what it knows of databases, tables, views and functions. *Errors:* SparkConnectError. */
export class Catalog {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  #relation(question: Question) {
    if (since42.has(question.case)) this.#executor.requireVersion('4.2', `catalog.${question.case}`)
    return catalogRelation(this.#executor.nextPlanId(), question)
  }
  async #rows<R>(question: Question): Promise<R[]> {
    return rowsOf<R>(this.#executor, this.#relation(question))
  }
  async #value<T>(question: Question): Promise<T> {
    return (await firstCell(this.#executor, this.#relation(question))) as T
  }
  async #run(question: Question): Promise<void> {
    await this.#value(question)
  }
  async #first<R>(question: Question): Promise<R> {
    return (await this.#rows<R>(question))[0] as R
  }

  currentCatalog(): Promise<string> {
    return this.#value({ case: 'currentCatalog', value: {} })
  }
  setCurrentCatalog(catalogName: string): Promise<void> {
    return this.#run({ case: 'setCurrentCatalog', value: { catalogName } })
  }
  /** `pattern` is that of SHOW: `*` any text, `|` or. */
  listCatalogs(pattern?: string): Promise<CatalogMetadata[]> {
    return this.#rows({ case: 'listCatalogs', value: given({ pattern }) })
  }

  currentDatabase(): Promise<string> {
    return this.#value({ case: 'currentDatabase', value: {} })
  }
  setCurrentDatabase(dbName: string): Promise<void> {
    return this.#run({ case: 'setCurrentDatabase', value: { dbName } })
  }
  listDatabases(pattern?: string): Promise<Database[]> {
    return this.#rows({ case: 'listDatabases', value: given({ pattern }) })
  }
  getDatabase(dbName: string): Promise<Database> {
    return this.#first({ case: 'getDatabase', value: { dbName } })
  }
  databaseExists(dbName: string): Promise<boolean> {
    return this.#value({ case: 'databaseExists', value: { dbName } })
  }
  /** Needs Spark 4.2; before, `spark.sql('CREATE DATABASE …')`. */
  createDatabase(
    dbName: string,
    options: { readonly ifNotExists?: boolean; readonly properties?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    const { ifNotExists = false, properties = {} } = options
    return this.#run({ case: 'createDatabase', value: { dbName, ifNotExists, properties: { ...properties } } })
  }
  /** Needs Spark 4.2. */
  dropDatabase(
    dbName: string,
    options: { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
  ): Promise<void> {
    const { ifExists = false, cascade = false } = options
    return this.#run({ case: 'dropDatabase', value: { dbName, ifExists, cascade } })
  }

  listTables(dbName?: string, pattern?: string): Promise<Table[]> {
    return this.#rows({ case: 'listTables', value: given({ dbName, pattern }) })
  }
  /** Needs Spark 4.2. */
  listViews(dbName?: string, pattern?: string): Promise<Table[]> {
    return this.#rows({ case: 'listViews', value: given({ dbName, pattern }) })
  }
  getTable(tableName: string): Promise<Table> {
    return this.#first({ case: 'getTable', value: { tableName } })
  }
  tableExists(tableName: string, dbName?: string): Promise<boolean> {
    return this.#value({ case: 'tableExists', value: { tableName, ...given({ dbName }) } })
  }
  listColumns(tableName: string, dbName?: string): Promise<CatalogColumn[]> {
    return this.#rows({ case: 'listColumns', value: { tableName, ...given({ dbName }) } })
  }
  /** A new table of a data source, without rows, or over the files at a path. Gives the table as a frame. */
  async createTable(
    tableName: string,
    options: {
      readonly path?: string
      readonly source?: string
      readonly schema?: StructType
      readonly description?: string
      readonly options?: Readonly<Record<string, string>>
    } = {},
  ): Promise<UntypedFrame> {
    const { schema, options: sourceOptions = {}, ...rest } = options
    const value = { tableName, ...rest, ...(schema && { schema: typeToProto(schema) }), options: { ...sourceOptions } }
    return this.#created({ case: 'createTable', value })
  }
  /** A new table over the files at a path. Gives the table as a frame. */
  async createExternalTable(
    tableName: string,
    options: {
      readonly path?: string
      readonly source?: string
      readonly schema?: StructType
      readonly options?: Readonly<Record<string, string>>
    } = {},
  ): Promise<UntypedFrame> {
    const { schema, options: sourceOptions = {}, ...rest } = options
    const value = { tableName, ...rest, ...(schema && { schema: typeToProto(schema) }), options: { ...sourceOptions } }
    return this.#created({ case: 'createExternalTable', value })
  }
  async #created(question: Question): Promise<UntypedFrame> {
    const frame = newFrame<unknown>(this.#executor, (planId) => catalogRelation(planId, question))
    // The relation creates the table when it runs; a second run would find it there.
    for await (const _ of frameOf(frame as UntypedFrame).batches());
    const { tableName } = (question as { value: { tableName: string } }).value
    return newFrame(this.#executor, (planId) =>
      relation(planId, {
        case: 'read',
        value: { readType: { case: 'namedTable', value: { unparsedIdentifier: tableName } } },
      }),
    )
  }
  /** Needs Spark 4.2. */
  dropTable(tableName: string, options: { readonly ifExists?: boolean; readonly purge?: boolean } = {}): Promise<void> {
    const { ifExists = false, purge = false } = options
    return this.#run({ case: 'dropTable', value: { tableName, ifExists, purge } })
  }
  /** Needs Spark 4.2. */
  dropView(viewName: string, options: { readonly ifExists?: boolean } = {}): Promise<void> {
    return this.#run({ case: 'dropView', value: { tableName: viewName, ifExists: options.ifExists ?? false } as never })
  }
  /** Whether there was such a view. */
  dropTempView(viewName: string): Promise<boolean> {
    return this.#value({ case: 'dropTempView', value: { viewName } })
  }
  /** Whether there was such a view. */
  dropGlobalTempView(viewName: string): Promise<boolean> {
    return this.#value({ case: 'dropGlobalTempView', value: { viewName } })
  }
  /** Needs Spark 4.2. */
  truncateTable(tableName: string): Promise<void> {
    return this.#run({ case: 'truncateTable', value: { tableName } })
  }
  /** Statistics for the optimiser; `noScan` only counts bytes. Needs Spark 4.2. */
  analyzeTable(tableName: string, noScan = false): Promise<void> {
    return this.#run({ case: 'analyzeTable', value: { tableName, noScan } })
  }
  /** Partitions as `a=1/b=2`. Needs Spark 4.2. */
  async listPartitions(tableName: string): Promise<string[]> {
    const rows = await this.#rows<Record<string, string>>({ case: 'listPartitions', value: { tableName } })
    return rows.map((row) => Object.values(row)[0]!)
  }
  /** Needs Spark 4.2. */
  async getTableProperties(tableName: string): Promise<Record<string, string>> {
    const rows = await this.#rows<Record<string, string>>({ case: 'getTableProperties', value: { tableName } })
    return Object.fromEntries(rows.map((row) => Object.values(row) as [string, string]))
  }
  /** The statement that would make the table. Needs Spark 4.2. */
  getCreateTableString(tableName: string, asSerde = false): Promise<string> {
    return this.#value({ case: 'getCreateTableString', value: { tableName, asSerde } })
  }

  listFunctions(dbName?: string, pattern?: string): Promise<CatalogFunction[]> {
    return this.#rows({ case: 'listFunctions', value: given({ dbName, pattern }) })
  }
  getFunction(functionName: string, dbName?: string): Promise<CatalogFunction> {
    return this.#first({ case: 'getFunction', value: { functionName, ...given({ dbName }) } })
  }
  functionExists(functionName: string, dbName?: string): Promise<boolean> {
    return this.#value({ case: 'functionExists', value: { functionName, ...given({ dbName }) } })
  }

  isCached(tableName: string): Promise<boolean> {
    return this.#value({ case: 'isCached', value: { tableName } })
  }
  cacheTable(tableName: string, storageLevel?: StorageLevel): Promise<void> {
    return this.#run({ case: 'cacheTable', value: { tableName, ...(storageLevel && { storageLevel }) } })
  }
  uncacheTable(tableName: string): Promise<void> {
    return this.#run({ case: 'uncacheTable', value: { tableName } })
  }
  clearCache(): Promise<void> {
    return this.#run({ case: 'clearCache', value: {} })
  }
  /** Forgets what is known of a table's files. */
  refreshTable(tableName: string): Promise<void> {
    return this.#run({ case: 'refreshTable', value: { tableName } })
  }
  refreshByPath(path: string): Promise<void> {
    return this.#run({ case: 'refreshByPath', value: { path } })
  }
  /** Finds the partitions that are in the folder and not in the catalog. */
  recoverPartitions(tableName: string): Promise<void> {
    return this.#run({ case: 'recoverPartitions', value: { tableName } })
  }
}

/** The fields that are given; optional fields of a message must be absent, not undefined. */
const given = <T extends Readonly<Record<string, string | undefined>>>(fields: T): { [K in keyof T]?: string } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: string }
