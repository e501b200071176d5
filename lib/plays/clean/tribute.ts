/** Words that say that somebody else plays the songs of the act that is named: a Java regular expression for small letters. */
export const tribute =
  '(?<![\\p{L}\\p{N}])(?:tributes?|karaoke|covers? band|made famous by|(?:originally )?performed by|in (?:the )?style of)(?![\\p{L}\\p{N}])'
