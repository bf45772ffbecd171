import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import { describeOperatorError, OperatorError } from '../../errors/operator-error';
import type { Environment } from '../../environments/schema';

const DEMO = join(__dirname, '../../environments/demo.yaml');

/** A replacement in the text of demo.yaml: what must be there, and what comes in its place. */
export type Edit = readonly [from: string, to: string];

/** Loads demo.yaml with changes, as a file of the same name elsewhere. */
export function loadEdited(...edits: Edit[]): Environment {
  return loadText(editedText(...edits));
}

export function editedText(...edits: Edit[]): string {
  return edits.reduce(
    (current, [from, to]) => {
      if (!current.includes(from)) throw new Error(`demo.yaml no longer contains ${from}`);
      return current.replace(from, () => to);
    },
    readFileSync(DEMO, 'utf8'),
  );
}

export function loadText(text: string, fileName = 'demo.yaml'): Environment {
  const directory = mkdtempSync(join(tmpdir(), 'environment '));
  try {
    writeFileSync(join(directory, fileName), text);
    return loadEnvironment(join(directory, fileName));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The error of a load that must fail. */
export function errorOf(load: () => unknown): OperatorError {
  try {
    load();
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

/** `line:column` of the character after the ^ in a snippet of the text. */
export function placeIn(text: string, snippet: string): string {
  const found = text.indexOf(snippet.replace('^', ''));
  if (found < 0) throw new Error(`the text does not contain ${snippet}`);
  const before = text.slice(0, found + snippet.indexOf('^')).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** `line:column` that an error points at. */
export function placeOf(error: OperatorError): string {
  return error.location?.split(':').slice(-2).join(':') ?? 'nowhere';
}

/** `place` is a text of the edited file, with ^ before the character that the error must point at; `text` is in the error. */
export type Mistake = readonly [title: string, code: string, place: string, text: RegExp, ...edits: Edit[]];

/** One test for each mistake: the code of its error, its place and its text. */
export function testMistakes(mistakes: readonly Mistake[]): void {
  for (const [title, code, place, text, ...edits] of mistakes) {
    test(`${title} is ${code}`, () => {
      const error = errorOf(() => loadEdited(...edits));
      expect({ code: error.code, place: placeOf(error) }).toEqual({
        code,
        place: placeIn(editedText(...edits), place),
      });
      expect(describeOperatorError(error)).toMatch(text);
      // One slip, one problem.
      expect(error.next).not.toContain('\n  Also ');
    });
  }
}
