/** This folder. It is named here alone: of what is put together into one file, all share one __dirname (stacks/synth.js). */
export const FOLDER = __dirname;
