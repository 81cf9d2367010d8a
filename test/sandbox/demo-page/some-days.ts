/** Two steps reach from a failed payment past the end of the grace, and bring the warning on the way. */
export const SOME_DAYS = 5
