/** The letters of a name by their number; 0 stands before and after each name. */
export const ALPHABET = ".abcdefghijklmnopqrstuvwxyz";

/** How many letters the next one is told from. */
export const CONTEXT = 3;
