import { createRegistry, type DescField, type DescFile, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import { describe, expect, test } from '@jest/globals'
import { file_google_rpc_error_details } from '../src/gen/google/rpc/error_details_pb.ts'
import { file_google_rpc_status } from '../src/gen/google/rpc/status_pb.ts'
import { file_spark_connect_base, SparkConnectService } from '../src/gen/spark/connect/base_pb.ts'
import { file_spark_connect_catalog } from '../src/gen/spark/connect/catalog_pb.ts'
import { file_spark_connect_commands } from '../src/gen/spark/connect/commands_pb.ts'
import { file_spark_connect_common } from '../src/gen/spark/connect/common_pb.ts'
import { file_spark_connect_expressions } from '../src/gen/spark/connect/expressions_pb.ts'
import { file_spark_connect_ml_common } from '../src/gen/spark/connect/ml_common_pb.ts'
import { file_spark_connect_ml } from '../src/gen/spark/connect/ml_pb.ts'
import { file_spark_connect_pipelines } from '../src/gen/spark/connect/pipelines_pb.ts'
import { file_spark_connect_relations } from '../src/gen/spark/connect/relations_pb.ts'
import { file_spark_connect_types } from '../src/gen/spark/connect/types_pb.ts'
import { findServerJar, textsOfJar } from './support/jar.ts'
import { type ProtoFile, parseProto } from './support/proto-text.ts'

const files: readonly DescFile[] = [
  file_spark_connect_base,
  file_spark_connect_catalog,
  file_spark_connect_commands,
  file_spark_connect_common,
  file_spark_connect_expressions,
  file_spark_connect_ml,
  file_spark_connect_ml_common,
  file_spark_connect_pipelines,
  file_spark_connect_relations,
  file_spark_connect_types,
]

type Shape = Record<string, string>

/** `number type label oneof` by field name. */
function ours(message: DescMessage): Shape {
  return Object.fromEntries(message.fields.map((field) => [field.name, describeField(field)]))
}

function describeField(field: DescField): string {
  const optional = field.proto.proto3Optional ? 'optional' : 'single'
  const label = field.fieldKind === 'list' ? 'repeated' : optional
  const oneof = field.oneof?.name ?? '-'
  return `${field.number} ${typeName(field)} ${label} ${oneof}`
}

function typeName(field: DescField): string {
  if (field.fieldKind === 'map') {
    const value =
      field.mapKind === 'message'
        ? shortName(field.message.typeName)
        : field.mapKind === 'enum'
          ? shortName(field.enum.typeName)
          : ScalarType[field.scalar].toLowerCase()
    return `map<${ScalarType[field.mapKey].toLowerCase()}, ${value}>`
  }
  if (field.message) return shortName(field.message.typeName)
  if (field.enum) return shortName(field.enum.typeName)
  return ScalarType[field.scalar!].toLowerCase()
}

function shortName(name: string): string {
  return name.replace(/^(spark\.connect|google\.rpc)\./, '')
}

/** The same of a text; a written type is resolved the way protobuf does, from the innermost scope outwards. */
function theirs(message: ProtoFile['messages'][number], known: ReadonlySet<string>): Shape {
  const resolve = (type: string): string => {
    const map = /^map<(\w+), (.+)>$/.exec(type)
    if (map) return `map<${map[1]}, ${resolve(map[2]!)}>`
    for (let scope = message.name; ; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) {
      const candidate = scope === '' ? type : `${scope}.${type}`
      if (known.has(candidate)) return candidate
      if (scope === '') return shortName(type)
    }
  }
  return Object.fromEntries(
    message.fields
      .map((field) => ({ ...field, type: resolve(field.type) }))
      .map((field) => [field.name, `${field.number} ${field.type} ${field.label} ${field.oneof ?? '-'}`]),
  )
}

const jar = findServerJar()
if (jar === null) {
  console.log('skipped: no spark-connect_2.13-4.2.0.jar under .spark or SPARK_JARS to compare the protocol with')
}

describe('the text reader', () => {
  test('reads labels, oneofs, maps, nested types and services', () => {
    const file = parseProto(`
      syntax = "proto3"; package a.b; import "x.proto";
      option java_package = "p"; // comment { message }
      message Outer { /* message No {} */
        reserved 1, 2; optional string one = 3 [deprecated = true];
        oneof kind { Inner inner = 4; bytes raw = 5; }
        map<string, Outer.Inner> many = 6; repeated .a.b.Other others = 7;
        message Inner { enum E { A = 0; B = 1; } E e = 1; }
      }
      service S { rpc Do(Outer) returns (stream Inner) {} rpc Up(stream Outer) returns (Inner); }`)
    expect(file.package).toBe('a.b')
    expect(file.messages.map((m) => m.name)).toEqual(['Outer.Inner', 'Outer'])
    expect(file.messages[1]!.fields).toEqual([
      { name: 'one', number: 3, type: 'string', label: 'optional', oneof: null },
      { name: 'inner', number: 4, type: 'Inner', label: 'single', oneof: 'kind' },
      { name: 'raw', number: 5, type: 'bytes', label: 'single', oneof: 'kind' },
      { name: 'many', number: 6, type: 'map<string, Outer.Inner>', label: 'single', oneof: null },
      { name: 'others', number: 7, type: 'a.b.Other', label: 'repeated', oneof: null },
    ])
    expect(file.enums).toEqual([{ name: 'Outer.Inner.E', values: { A: 0, B: 1 } }])
    expect(file.methods).toEqual([
      { name: 'Do', input: 'Outer', output: 'stream Inner' },
      { name: 'Up', input: 'stream Outer', output: 'Inner' },
    ])
  })
})

const withJar = jar === null ? describe.skip : describe
withJar('our description against that of the pinned server', () => {
  const texts = jar === null ? new Map<string, string>() : textsOfJar(jar, /^(spark\/connect|google\/rpc)\/\w+\.proto$/)
  const parsed = [...texts].map(([name, text]) => ({ name, ...parseProto(text) }))
  const spark = parsed.filter((file) => file.package === 'spark.connect')
  const known = new Set(spark.flatMap((file) => [...file.messages, ...file.enums].map(({ name }) => name)))
  const registry = createRegistry(...files)
  const fileOf = (name: string) => name.replace(/^.*\//, '')

  const messages = spark
    .filter(({ name }) => files.some((file) => `${file.name}.proto` === name))
    .flatMap((file) => file.messages.map((message) => ({ file: fileOf(file.name), message })))

  test('the jar has all ten files and we have all their messages', () => {
    expect(messages.length).toBeGreaterThan(300)
    const missing = messages.filter(({ message }) => !registry.getMessage(`spark.connect.${message.name}`))
    expect(missing.map(({ message }) => message.name)).toEqual([])
  })

  test.each(
    messages.map(({ file, message }) => [file, message.name, message] as const),
  )('%s %s', (_file, name, message) => {
    expect(ours(registry.getMessage(`spark.connect.${name}`)!)).toEqual(theirs(message, known))
  })

  test('nothing of ours is unknown to the server', () => {
    const names = new Set(messages.map(({ message }) => message.name))
    const invented = [...registry]
      .filter((type) => type.kind === 'message' && type.typeName.startsWith('spark.connect.'))
      .map((type) => shortName(type.typeName))
      .filter((name) => !names.has(name))
    expect(invented).toEqual([])
  })

  test('every enum has the same names and numbers', () => {
    const enums = spark
      .filter(({ name }) => files.some((file) => `${file.name}.proto` === name))
      .flatMap((file) => file.enums)
    const mine = Object.fromEntries(
      [...registry]
        .filter((type) => type.kind === 'enum')
        .map((type) => [shortName(type.typeName), Object.fromEntries(type.values.map((v) => [v.name, v.number]))]),
    )
    expect(mine).toEqual(Object.fromEntries(enums.map(({ name, values }) => [name, values])))
  })

  test('the service has the same methods', () => {
    const methods = spark.flatMap((file) => (file.name.endsWith('/base.proto') ? file.methods : []))
    const mine = SparkConnectService.methods.map((method) => {
      const { methodKind } = method
      const stream = (on: boolean) => (on ? 'stream ' : '')
      return {
        name: method.name,
        input: stream(methodKind === 'client_streaming') + shortName(method.input.typeName),
        output: stream(methodKind === 'server_streaming') + shortName(method.output.typeName),
      }
    })
    expect(mine).toEqual(methods)
  })

  test('the messages of google.rpc that we use', () => {
    const google = parsed.filter((file) => file.package === 'google.rpc')
    for (const file of [file_google_rpc_status, file_google_rpc_error_details]) {
      const text = google.find(({ name }) => name === `${file.name}.proto`)!
      for (const message of file.messages) {
        const original = text.messages.find(({ name }) => name === message.name)!
        expect(ours(message)).toEqual(theirs(original, new Set()))
      }
    }
  })
})
