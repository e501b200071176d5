import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DescMessage } from '@bufbuild/protobuf'
import { expect, test } from '@jest/globals'
import { AnalyzePlanRequestSchema, ConfigRequest_OperationSchema } from '../src/gen/spark/connect/base_pb.ts'
import { CatalogSchema } from '../src/gen/spark/connect/catalog_pb.ts'
import {
  CommandSchema,
  StreamingQueryCommandSchema,
  StreamingQueryManagerCommandSchema,
  WriteStreamOperationStartSchema,
} from '../src/gen/spark/connect/commands_pb.ts'
import { ExpressionSchema } from '../src/gen/spark/connect/expressions_pb.ts'
import { MlCommandSchema } from '../src/gen/spark/connect/ml_pb.ts'
import { PipelineCommandSchema } from '../src/gen/spark/connect/pipelines_pb.ts'
import { MlRelationSchema, RelationSchema } from '../src/gen/spark/connect/relations_pb.ts'

// Which messages can a program of this client send? A kind counts as reachable when code outside of `gen` makes it: it
// then writes the name of its case. A new message of the protocol is listed here until somebody gives it a method.

const src = join(import.meta.dirname, '..', 'src')
const code = globSync('**/*.ts', { cwd: src })
  .filter((file) => !file.startsWith('gen/'))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n')

const roots: readonly DescMessage[] = [
  RelationSchema,
  MlRelationSchema,
  CommandSchema,
  WriteStreamOperationStartSchema,
  StreamingQueryCommandSchema,
  StreamingQueryManagerCommandSchema,
  ExpressionSchema,
  CatalogSchema,
  AnalyzePlanRequestSchema,
  ConfigRequest_OperationSchema,
  MlCommandSchema,
  PipelineCommandSchema,
]

const otherLanguage = 'holds code in Python or Scala, which this client cannot make'
const reasons: Readonly<Record<string, string>> = {
  'Relation.mapPartitions': otherLanguage,
  'Relation.groupMap': otherLanguage,
  'Relation.coGroupMap': otherLanguage,
  'Relation.applyInPandasWithState': otherLanguage,
  'Relation.commonInlineUserDefinedTableFunction': otherLanguage,
  'Relation.commonInlineUserDefinedDataSource': otherLanguage,
  'Expression.commonInlineUserDefinedFunction': otherLanguage,
  'Expression.typedAggregateExpression': otherLanguage,
  'Command.registerTableFunction': otherLanguage,
  'Command.registerDataSource': otherLanguage,
  'Command.createResourceProfileCommand': 'resource profiles belong to functions in Python',
  'AnalyzePlanRequest.ddlParse': 'types are parsed here, without a call',
  'AnalyzePlanRequest.jsonToDdl': 'types are written here, without a call',
  'Operation.getWithDefault': 'conf.get with a default asks for what is set and decides here',
  'StreamingQueryManagerCommand.removeListener': 'listeners are told by the listener bus',
  'PipelineCommand.getQueryFunctionExecutionSignalStream':
    'for queries that must be analysed while they are written; frames here are lazy',
  'PipelineCommand.defineFlowQueryFunctionResult': 'the answer to such a signal',
  'PipelineCommand.executeOutputFlows': 'no server up to 4.2 answers it',
}

const unreachable = roots.flatMap((message) =>
  message.oneofs
    .flatMap((oneof) => oneof.fields)
    .filter((field) => field.message && !new RegExp(`['.]${field.localName}\\b`).test(code))
    .map((field) => `${message.name}.${field.localName}`),
)

test('every relation, command, expression and analysis has a method, but for those with a reason', () => {
  expect(unreachable.filter((name) => !(name in reasons))).toEqual([])
})

test('the list of reasons is not longer than it must be', () => {
  expect(Object.keys(reasons).filter((name) => !unreachable.includes(name))).toEqual([])
})
