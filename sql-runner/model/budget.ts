/** From this part of it on it is told that a budget will be used up. */
export const NEARLY = 0.8;
