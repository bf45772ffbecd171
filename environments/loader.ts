import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { explainIssues } from './explain';
import { locate } from './locate';
import { nearest } from '../errors/nearest';
import { OperatorError } from '../errors/operator-error';
import { problemsError, type LocatedProblem, type Problem } from '../errors/problem';
import { brokenRules } from './rules';
import { environmentSchema, type Environment } from './schema';

/** Where the environment files are: `ENVIRONMENTS_DIR`, or this folder. */
export function environmentsDirectory(): string {
  return process.env['ENVIRONMENTS_DIR'] || __dirname;
}

/** The environment files of a directory, as paths sorted by name. */
export function listEnvironments(directory: string = environmentsDirectory()): string[] {
  let entries: string[];
  try {
    entries = readdirSync(directory);
  } catch (cause) {
    throw unreadable(directory, cause);
  }
  return entries
    .filter((entry) => entry.endsWith('.yaml'))
    .sort()
    .map((entry) => join(directory, entry));
}

/** The path of the file that describes an environment. Throws when there is none. */
export function environmentFile(name: string, directory: string = environmentsDirectory()): string {
  const files = listEnvironments(directory);
  const file = files.find((candidate) => basename(candidate) === `${name}.yaml`);
  if (file !== undefined) return file;
  const known = files.map((candidate) => basename(candidate, '.yaml'));
  const meant = nearest(name, known);
  throw new OperatorError({
    code: 'ENVIRONMENT_UNKNOWN',
    seen: `There is no environment "${name}" in ${directory}.`,
    why: 'An environment is described in a file of its name.',
    next:
      meant === undefined
        ? `Known: ${known.join(', ') || 'none'}. Copy example.yaml to start one.`
        : `Did you mean "${meant}"?`,
  });
}

/** Reads and checks one environment file. Throws one OperatorError that lists every problem with its place. */
export function loadEnvironment(file: string): Environment {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) throw problemsError(file, syntaxProblems(document, lines));
  const parsed = document.toJS() as unknown;
  const result = environmentSchema.safeParse(parsed);
  const problems: Problem[] = result.success
    ? brokenRules(result.data, basename(file))
    : explainIssues(result.error.issues, parsed);
  if (problems.length > 0 || !result.success) {
    throw problemsError(
      file,
      problems.map((problem) => locate(document, lines, problem)),
    );
  }
  return result.data;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(path: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'ENVIRONMENT_UNREADABLE',
    seen: `Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    why: 'Everything about an environment is in its file.',
    next: 'Check the path and its permissions, and ENVIRONMENTS_DIR if it is set.',
    cause,
  });
}

function syntaxProblems(document: Document.Parsed, lines: LineCounter): LocatedProblem[] {
  return document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    const duplicate = error.code === 'DUPLICATE_KEY';
    return {
      code: duplicate ? 'DUPLICATE_KEY' : 'YAML_SYNTAX',
      seen: duplicate ? 'The same key stands twice in one mapping.' : (error.message.split('\n')[0] ?? error.code),
      why: duplicate ? 'Only one of the values can be meant.' : 'The file cannot be read as YAML.',
      next: duplicate
        ? 'Remove one of the two.'
        : 'Correct the file at this place; indentation and colons are the usual suspects.',
      path: [],
      line,
      column: col,
    };
  });
}
