/** Words that say that somebody else plays the songs of the act that is named: a Java regular expression for small letters. */
export const tribute =
  '(?<![\\p{L}\\p{N}])(?:tribut(?:es?|o|et)|hommage|homenaje|homage|karaoke|covers? ?band|sound-? ?alikes?|sing-? ?along|salute to|(?:as )?made famous by|(?:originally |as )?performed by|in (?:the )?style of|originally by|impersonators?|lullaby (?:versions?|renditions?))(?![\\p{L}\\p{N}])'
