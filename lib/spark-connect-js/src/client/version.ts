/** Compares the leading numbers of two versions, "4.2.0-SNAPSHOT" as 4.2.0: negative, zero or positive. */
export function compareVersions(a: string, b: string): number {
  const parts = (text: string) => (/^\d+(\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number)
  const left = parts(a)
  const right = parts(b)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
