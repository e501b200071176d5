/** The Spark that is installed if no other is asked for; `server/pom.xml` pins the same and a test compares the two. */
export const sparkVersion = '4.2.0'
