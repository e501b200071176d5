/** One field as a `.proto` text declares it. */
export interface ProtoField {
  readonly name: string
  readonly number: number
  /** As written, for example `Relation`, `map<string, int64>`. */
  readonly type: string
  readonly label: 'single' | 'optional' | 'repeated'
  readonly oneof: string | null
}

export interface ProtoMessage {
  /** With its enclosing messages: `Expression.Literal`. */
  readonly name: string
  readonly fields: readonly ProtoField[]
}

export interface ProtoEnum {
  readonly name: string
  readonly values: Readonly<Record<string, number>>
}

export interface ProtoMethod {
  readonly name: string
  readonly input: string
  readonly output: string
}

export interface ProtoFile {
  readonly package: string
  readonly messages: readonly ProtoMessage[]
  readonly enums: readonly ProtoEnum[]
  readonly methods: readonly ProtoMethod[]
}

/** Reads a proto3 text as far as Spark's use it: messages, enums, oneofs, maps, services; options are skipped. */
export function parseProto(text: string): ProtoFile {
  const source = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, ' ')
  const tokens = source.match(/"(?:[^"\\]|\\.)*"|[\w.]+|[^\s\w]/g) ?? []
  let at = 0
  const next = (): string => {
    const token = tokens[at++]
    if (token === undefined) throw new Error('the text ends in the middle of a declaration')
    return token
  }
  const expect = (wanted: string): void => {
    const token = next()
    if (token !== wanted)
      throw new Error(`expected ${wanted}, found ${token} after ${tokens.slice(at - 8, at - 1).join(' ')}`)
  }
  const skipTo = (wanted: string): void => {
    while (next() !== wanted);
  }

  const messages: ProtoMessage[] = []
  const enums: ProtoEnum[] = []
  const methods: ProtoMethod[] = []
  let packageName = ''

  const typeOf = (first: string): string => {
    let type = first
    if (type === '.') type = next() // fully qualified
    if (type !== 'map') return type.replace(/^\./, '')
    expect('<')
    const key = next()
    expect(',')
    const value = typeOf(next())
    expect('>')
    return `map<${key}, ${value}>`
  }

  const readEnum = (scope: string): void => {
    const name = scope + next()
    const values: Record<string, number> = {}
    expect('{')
    for (let token = next(); token !== '}'; token = next()) {
      if (token === 'option' || token === 'reserved') {
        skipTo(';')
        continue
      }
      expect('=')
      values[token] = Number(next())
      skipTo(';')
    }
    enums.push({ name, values })
  }

  const readMessage = (scope: string): void => {
    const name = scope + next()
    const fields: ProtoField[] = []
    const readField = (first: string, oneof: string | null): void => {
      const label = first === 'repeated' || first === 'optional' ? first : 'single'
      const type = typeOf(label === 'single' ? first : next())
      const fieldName = next()
      expect('=')
      const number = Number(next())
      skipTo(';')
      fields.push({ name: fieldName, number, type, label, oneof })
    }
    expect('{')
    for (let token = next(); token !== '}'; token = next()) {
      if (token === ';') continue
      if (token === 'message') readMessage(`${name}.`)
      else if (token === 'enum') readEnum(`${name}.`)
      else if (token === 'option' || token === 'reserved') skipTo(';')
      else if (token === 'oneof') {
        const oneof = next()
        expect('{')
        for (let inner = next(); inner !== '}'; inner = next()) {
          if (inner === 'option') skipTo(';')
          else readField(inner, oneof)
        }
      } else readField(token, null)
    }
    messages.push({ name, fields })
  }

  const readService = (): void => {
    next()
    expect('{')
    for (let token = next(); token !== '}'; token = next()) {
      if (token !== 'rpc') {
        skipTo(';')
        continue
      }
      const name = next()
      const side = (): string => {
        expect('(')
        let type = next()
        if (type === 'stream') type = `stream ${next()}`
        expect(')')
        return type
      }
      const input = side()
      expect('returns')
      const output = side()
      if (next() === '{') skipTo('}')
      methods.push({ name, input, output })
    }
  }

  while (at < tokens.length) {
    const token = next()
    if (token === 'message') readMessage('')
    else if (token === 'enum') readEnum('')
    else if (token === 'service') readService()
    else if (token === 'package') {
      packageName = next()
      expect(';')
    } else if (token !== ';') skipTo(';')
  }
  return { package: packageName, messages, enums, methods }
}
