import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type Command,
  CommandSchema,
  WriteOperation_SaveMode,
  WriteOperation_SaveTable_TableSaveMethod,
  WriteOperationV2_Mode,
} from '../gen/spark/connect/commands_pb.ts'
import type { Expression } from '../gen/spark/connect/expressions_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'

export type CommandType = Command['commandType']

/** A command of any kind; nested messages may be given as plain records. */
export const command = (commandType: MessageInitShape<typeof CommandSchema>['commandType']): CommandType =>
  create(CommandSchema, { commandType } as MessageInitShape<typeof CommandSchema>).commandType

const saveModes = {
  append: WriteOperation_SaveMode.APPEND,
  overwrite: WriteOperation_SaveMode.OVERWRITE,
  error: WriteOperation_SaveMode.ERROR_IF_EXISTS,
  ignore: WriteOperation_SaveMode.IGNORE,
} as const

export type SaveMode = keyof typeof saveModes

export interface WriteSettings {
  readonly source?: string
  readonly mode?: SaveMode
  readonly path?: string
  readonly table?: { readonly name: string; readonly method: 'save' | 'insert' }
  readonly options?: Readonly<Record<string, string>>
  readonly partitionBy?: readonly string[]
  readonly sortBy?: readonly string[]
  readonly bucketBy?: { readonly numBuckets: number; readonly names: readonly string[] }
  readonly clusterBy?: readonly string[]
  readonly withSchemaEvolution?: boolean
}

/** *Source:* message WriteOperation. */
export const saveCommand = (input: Relation, settings: WriteSettings): CommandType => {
  const { source, mode, path, table, bucketBy } = settings
  return command({
    case: 'writeOperation',
    value: {
      input,
      ...(source !== undefined && { source }),
      mode: mode ? saveModes[mode] : WriteOperation_SaveMode.UNSPECIFIED,
      ...(table
        ? {
            saveType: {
              case: 'table' as const,
              value: {
                tableName: table.name,
                saveMethod:
                  table.method === 'save'
                    ? WriteOperation_SaveTable_TableSaveMethod.SAVE_AS_TABLE
                    : WriteOperation_SaveTable_TableSaveMethod.INSERT_INTO,
              },
            },
          }
        : path !== undefined && { saveType: { case: 'path' as const, value: path } }),
      sortColumnNames: [...(settings.sortBy ?? [])],
      partitioningColumns: [...(settings.partitionBy ?? [])],
      clusteringColumns: [...(settings.clusterBy ?? [])],
      ...(bucketBy && { bucketBy: { numBuckets: bucketBy.numBuckets, bucketColumnNames: [...bucketBy.names] } }),
      options: { ...settings.options },
      withSchemaEvolution: settings.withSchemaEvolution ?? false,
    },
  })
}

const tableModes = {
  create: WriteOperationV2_Mode.CREATE,
  replace: WriteOperationV2_Mode.REPLACE,
  createOrReplace: WriteOperationV2_Mode.CREATE_OR_REPLACE,
  append: WriteOperationV2_Mode.APPEND,
  overwrite: WriteOperationV2_Mode.OVERWRITE,
  overwritePartitions: WriteOperationV2_Mode.OVERWRITE_PARTITIONS,
} as const

export type TableMode = keyof typeof tableModes

export interface WriteTableSettings {
  readonly provider?: string
  readonly options?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, string>>
  readonly partitionedBy?: readonly Expression[]
  readonly clusterBy?: readonly string[]
  readonly overwriteCondition?: Expression
  readonly withSchemaEvolution?: boolean
}

/** *Source:* message WriteOperationV2. */
export const tableCommand = (
  input: Relation,
  tableName: string,
  mode: TableMode,
  settings: WriteTableSettings,
): CommandType =>
  command({
    case: 'writeOperationV2',
    value: {
      input,
      tableName,
      mode: tableModes[mode],
      ...(settings.provider !== undefined && { provider: settings.provider }),
      options: { ...settings.options },
      tableProperties: { ...settings.properties },
      partitioningColumns: [...(settings.partitionedBy ?? [])],
      clusteringColumns: [...(settings.clusterBy ?? [])],
      ...(settings.overwriteCondition && { overwriteCondition: settings.overwriteCondition }),
      withSchemaEvolution: settings.withSchemaEvolution ?? false,
    },
  })
