/** How alike stations are: the cosine between their plays by artist. The like stand together. */
export function alikeness(byStation: ReadonlyMap<string, ReadonlyMap<string, number>>): {
  stations: string[]
  cosine: number[][]
} {
  const names = [...byStation.keys()]
  const norms = names.map((name) => {
    let squares = 0
    for (const count of byStation.get(name)!.values()) squares += count * count
    return Math.sqrt(squares)
  })
  const cosine = names.map((a, i) =>
    names.map((b, j) => {
      if (i === j) return 1
      const [few, many] =
        byStation.get(a)!.size < byStation.get(b)!.size
          ? [byStation.get(a)!, byStation.get(b)!]
          : [byStation.get(b)!, byStation.get(a)!]
      let dot = 0
      for (const [artist, count] of few) dot += count * (many.get(artist) ?? 0)
      return norms[i]! * norms[j]! === 0 ? 0 : dot / (norms[i]! * norms[j]!)
    }),
  )
  const leaves = clustered(cosine)
  return { stations: leaves.map((i) => names[i]!), cosine: leaves.map((i) => leaves.map((j) => cosine[i]![j]!)) }
}

/** An order of the items in which the like stand together: leaves of average-linkage clustering. At most some tens of items. */
function clustered(similarity: readonly (readonly number[])[]): number[] {
  let groups = similarity.map((_, i) => [i])
  while (groups.length > 1) {
    let best: [number, number, number] = [-1, 0, 1]
    for (let a = 0; a < groups.length; a++) {
      for (let b = a + 1; b < groups.length; b++) {
        let sum = 0
        for (const i of groups[a]!) for (const j of groups[b]!) sum += similarity[i]![j]!
        const mean = sum / (groups[a]!.length * groups[b]!.length)
        if (mean > best[0]) best = [mean, a, b]
      }
    }
    const [, a, b] = best
    const joined = [...groups[a]!, ...groups[b]!]
    groups = groups.filter((_, i) => i !== a && i !== b)
    groups.push(joined)
  }
  return groups[0] ?? []
}
