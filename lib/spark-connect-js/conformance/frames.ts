import type { Executor } from '../src/core/executor.ts'
import { newFrame } from '../src/dataframe/frame.ts'
import type { UntypedFrame } from '../src/index.ts'
import { localRelation } from '../src/plan/relation.ts'

/** The relations that Spark's suite builds its queries on. */
const schemas = {
  simple: 'struct<id:bigint,a:int,b:double>',
  complex:
    'struct<id:bigint,a:int,b:double,d:struct<id:bigint,a:int,b:double>,e:array<int>,f:map<string,struct<id:bigint,a:int,b:double>>,g:string>',
  right: 'struct<a:int,id:bigint,payload:binary>',
  binary: 'struct<id:bigint,bytes:binary>',
  temporals: 'struct<d:date,t:timestamp,s:string,x:bigint,wt:struct<start:timestamp,end:timestamp>>',
  booleans: 'struct<id:bigint,flag:boolean>',
} as const

/** The suite's relations as frames, and the executor behind them. */
export type Frames = { readonly [name in keyof typeof schemas]: UntypedFrame } & {
  readonly executor: Executor
  /** An empty frame of any schema. */
  readonly of: (schema: string) => UntypedFrame
}

/** A query by the name of its golden plan. */
export type Cases = Readonly<Record<string, (frames: Frames) => UntypedFrame>>

export const makeFrames = (executor: Executor): Frames => {
  const of = (schema: string): UntypedFrame => newFrame(executor, (planId) => localRelation(planId, schema))
  const frames = Object.entries(schemas).map(([name, schema]) => [name, of(schema)])
  return { executor, of, ...Object.fromEntries(frames) } as Frames
}

/** Bytes of hexadecimal digits. */
export const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
