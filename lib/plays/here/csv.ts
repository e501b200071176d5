/**
 * The fields of a line as Spark's CSV parser gives them: bare empty fields are null. Lines come from our framing, which wrote the
 * quotes of all that could be understood as RFC 4180 wants them; in others a quote inside a field is text.
 */
export function csvFieldsOf(line: string, delimiter: string): (string | null)[] {
  const fields: (string | null)[] = []
  let at = 0
  for (;;) {
    const quoted = line[at] === '"' ? quotedField(line, at + 1, delimiter) : null
    const end = quoted ? quoted.end : endOf(line, delimiter, at)
    fields.push(quoted ? quoted.text : end === at ? null : line.slice(at, end))
    if (end >= line.length) return fields
    at = end + 1
  }
}

const endOf = (line: string, delimiter: string, from: number) => {
  const end = line.indexOf(delimiter, from)
  return end < 0 ? line.length : end
}

/** Null where the quote never closes before a delimiter or the end. */
function quotedField(line: string, from: number, delimiter: string): { text: string; end: number } | null {
  let text = ''
  let at = from
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote < 0) return null
    text += line.slice(at, quote)
    const next = line[quote + 1]
    if (next === undefined || next === delimiter) return { text, end: quote + 1 }
    if (next !== '"') return null
    text += '"'
    at = quote + 2
  }
}
