// Names that say only what their parent is: `artist.name`, `time.$date.$numberLong`.
const inner = /\.(?:#text|value|name|\$\w+)$/

/** The part of a nested name that says what it is: `artist_name` of `track_metadata.artist_name`, `artist` of `artist.name`. */
export function lastName(name: string): string {
  let bare = name
  while (inner.test(bare)) bare = bare.replace(inner, '')
  return bare.split('.').at(-1)!
}
