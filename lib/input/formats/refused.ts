import { AppError } from '../../errors.ts'

/** Texts that are not tables, by how they begin. */
const texts: readonly { readonly form: RegExp; readonly what: string; readonly remedy: string }[] = [
  {
    form: /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body|table)/i,
    what: 'a web page (HTML)',
    remedy: 'open it in a spreadsheet and save the table as CSV (UTF-8), or download the log itself',
  },
  { form: /^\s*<\?xml|^\s*<[a-z][\w:-]*[\s>]/i, what: 'XML', remedy: 'export the log as CSV or JSON' },
  {
    form: /^\s*#EXTM3U/i,
    what: 'a playlist (M3U)',
    remedy: 'name a log: a playlist does not say when a song was played',
  },
  {
    form: /^\s*\[playlist\]/i,
    what: 'a playlist (PLS)',
    remedy: 'name a log: a playlist does not say when a song was played',
  },
  {
    form: /^version https:\/\/git-lfs\.github\.com\//,
    what: 'a pointer of Git LFS',
    remedy: 'fetch the file that it stands for: git lfs pull',
  },
  {
    form: /^\s*(?:--[^\n]*\n\s*)*(?:insert into|create table|begin transaction)\b/i,
    what: 'statements of SQL',
    remedy: 'load them into a database and export the table as CSV',
  },
  { form: /^\{\\rtf/, what: 'a text of a word processor (RTF)', remedy: 'save the table as CSV (UTF-8)' },
  {
    form: /^[^\n]*(?:(?:^|\s)-+[A-Za-z]*-+(?=\s|$)[^\n]*){3}$/m,
    what: 'a report with columns of fixed widths under a ruler of dashes',
    remedy: 'export it as CSV instead of as a printed report',
  },
]

/** *Errors:* `AppError('input')` for a text that is known not to be a table, by its name. */
export function refuseText(start: string, label: string): void {
  const known = texts.find(({ form }) => form.test(start.slice(0, 8_192)))
  if (known)
    throw new AppError('input', `${label} is not a table but ${known.what}`, { place: label, remedy: known.remedy })
}
