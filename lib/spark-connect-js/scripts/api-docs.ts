import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

// The reference of the package from its docstrings: node scripts/api-docs.ts DECLARATIONS OUT.md
// It reads the declarations that the compiler emits, because TypeScript 7 has no API for documentation tools.

interface Member {
  readonly signature: string
  readonly text: string
}

export interface Entry extends Member {
  readonly name: string
  /** The module that declares it, without ending. */
  readonly module: string
  readonly members: readonly Member[]
}

const exportList = /export (?:type )?\{([^}]*)\}(?: from '([^']+)')?/g
const declaration = /^(?:export )?(?:declare )?(?:abstract )?(class|interface|function|const|type|namespace) (\w+)/

/** Names that a module lists as its exports, with the file and the name of each declaration. */
function exportsOf(file: string): Map<string, { file: string; name: string }> {
  const text = readFileSync(file, 'utf8')
  const found = new Map<string, { file: string; name: string }>()
  for (const [, list, from] of text.matchAll(exportList)) {
    const target = from === undefined ? file : join(dirname(file), from.replace(/\.[jt]s$/, '.d.ts'))
    const inner = from === undefined ? new Map<string, never>() : exportsOf(target)
    for (const item of list!.split(',')) {
      const [name, alias = name] = item
        .trim()
        .replace(/^type /, '')
        .split(' as ')
      if (name) found.set(alias!, inner.get(name) ?? { file: target, name })
    }
  }
  return found
}

/** The text of a docstring without its marks: `{@link x}` as code, examples as blocks. */
function prose(comment: string): string {
  const lines = comment
    .replace(/^\s*\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
  const [text, ...examples] = lines
    .join('\n')
    .trim()
    .split(/^@example ?\n?/m)
  const blocks = examples.map((example) => `\n\n\`\`\`ts\n${example.trim()}\n\`\`\``)
  return (text!.trim() + blocks.join('')).replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
}

/** Docstring and signature of everything at one depth of a text, in its order. */
function membersOf(lines: readonly string[], indent: string): Member[] {
  const members: Member[] = []
  let text = ''
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    if (!line.startsWith(indent) || line[indent.length] === ' ' || line[indent.length] === '}') continue
    if (line.startsWith(`${indent}/**`)) {
      const start = i
      while (!lines[i]!.includes('*/')) i++
      text = prose(lines.slice(start, i + 1).join('\n'))
      continue
    }
    const start = i
    // A signature ends where the next line is back at its depth and does not close it.
    while (i + 1 < lines.length && /^\s+\S/.test(lines[i + 1]!.slice(indent.length))) i++
    if (lines[i + 1]?.startsWith(`${indent}}`) && i > start) i++
    const signature = lines.slice(start, i + 1).map((part) => part.slice(indent.length))
    if (!/^(#private|private |readonly #)/.test(signature[0]!)) members.push({ signature: signature.join('\n'), text })
    text = ''
  }
  return members
}

/** Everything that the package exports, in the order of its list. */
export function entriesOf(declarations: string): Entry[] {
  const texts = new Map<string, Member[]>()
  const entries: Entry[] = []
  for (const [alias, { file, name }] of exportsOf(join(declarations, 'index.d.ts'))) {
    if (!texts.has(file)) texts.set(file, membersOf(readFileSync(file, 'utf8').split('\n'), ''))
    const parts = texts.get(file)!.filter(({ signature }) => declaration.exec(signature)?.[2] === name)
    const module = relative(declarations, file).replace(/\.d\.ts$/, '')
    const [kind] = declaration.exec(parts[0]?.signature ?? '')?.slice(1) ?? []
    const body = (parts[0]?.signature ?? '').split('\n')
    const isBlock = (kind === 'class' || kind === 'interface') && body.length > 1
    entries.push({
      name: alias,
      module,
      signature: isBlock ? body[0]!.replace(/ \{$/, '') : parts.map(({ signature }) => signature).join('\n'),
      text: parts.map(({ text }) => text).find((text) => text !== '') ?? '',
      members: isBlock ? membersOf(body.slice(1), '    ') : [],
    })
  }
  return entries
}

const code = (text: string): string => `\`\`\`ts\n${text.replaceAll(/^(export |declare )+/gm, '')}\n\`\`\``

function render(entries: readonly Entry[]): string {
  const modules = Map.groupBy(entries, ({ module }) => module)
  const sections = [...modules].map(([module, some]) => {
    const parts = some.map(({ name, signature, text, members }) => {
      const each = members.map((member) => [code(member.signature), member.text].filter(Boolean).join('\n\n'))
      return [`### ${name}`, code(signature), text, ...each].filter(Boolean).join('\n\n')
    })
    return [`## ${module}`, ...parts].join('\n\n')
  })
  return `# Reference\n\nMade from the docstrings; see README.md for how to begin.\n\n${sections.join('\n\n')}\n`
}

if (import.meta.main) {
  const [declarations, out] = process.argv.slice(2) as [string, string]
  writeFileSync(out, render(entriesOf(declarations)))
}
