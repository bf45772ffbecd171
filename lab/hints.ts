import { DEFAULT_LAB } from './directory';

/** A command of the lab as a person types it: with the lab's name, where it has one of its own. */
export function labCommand(name: string, words: string): string {
  return `npm run -s lab -- ${words}${name === DEFAULT_LAB ? '' : ` --name ${name}`}`;
}
