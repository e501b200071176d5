/*
 * What spreadsheets take for the begin of a formula (OWASP, "CSV Injection"), also in the full-width forms that East Asian
 * input makes. Numbers are safe: they come as numbers, not as text.
 */
const starts = '=+\\-@＝＋－＠'
const blanks = '[\\s"]*'
// A tab or a line end at the start makes spreadsheets look at what follows.
const atStart = new RegExp(`^(?=${blanks}[${starts}]|[\\t\\r\\n])`)
/*
 * Where the list separator of a spreadsheet is a semicolon, as in half of Europe, the ؛ of Persian, or a tab, quotes in the
 * middle of what it takes for a cell mean nothing: `1,"x;=1+1"` becomes `1,"x` and `=1+1"`. A line end inside quotes begins a
 * new row there.
 */
const separators = /[;؛،|\t\r\n]/
const inside = new RegExp(`([;؛،|\\t\\r\\n])(?=${blanks}[${starts}])`, 'g')

/** The text with a `'` before everything that a spreadsheet could take for a formula, whatever separates its cells. */
export function formulaSafe(text: string): string {
  const begun = atStart.test(text) ? `'${text}` : text
  return separators.test(text) ? begun.replace(inside, "$1'") : begun
}
