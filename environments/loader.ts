import { basename } from 'node:path';
import { OperatorError } from '../errors/operator-error';
import { problemsError, type LocatedProblem, type Problem } from '../errors/problem';
import { readDocument } from './document';
import { droppedKeys } from './dropped-keys';
import { explainIssues } from './explain';
import { environmentsDirectory, listEnvironments } from './files';
import { locate } from './locate';
import { brokenRules } from './rules';
import { conflictsBetween } from './rules/between';
import { environmentSchema, type Environment } from './schema';

/** An environment, and where in its file a setting stands. */
interface LoadedEnvironment {
  readonly file: string;
  readonly environment: Environment;
  readonly locate: (problem: Problem) => LocatedProblem;
}

/** Reads and checks one environment file. Throws one OperatorError that lists every problem with its place. */
export function loadEnvironment(file: string): Environment {
  return load(file).environment;
}

function load(file: string): LoadedEnvironment {
  const { document, lines, content } = readDocument(file);
  const result = environmentSchema.safeParse(content);
  const problems: Problem[] = result.success
    ? [...brokenRules(result.data, basename(file)), ...droppedKeys(content)]
    : explainIssues(result.error.issues, content);
  if (problems.length > 0 || !result.success) {
    throw problemsError(file, eachOnce(problems.map((problem) => locate(document, lines, problem))));
  }
  return { file, environment: result.data, locate: (problem) => locate(document, lines, problem) };
}

/** Every environment that there is. Throws at the first file with problems, also between it and those before, and where there is no file. */
export function loadEnvironments(): Environment[] {
  const files = listEnvironments();
  const loaded = files.map((file) => load(file));
  loaded.forEach((one, index) => {
    const problems = loaded.slice(0, index).flatMap((former) => problemsBetween(former, one));
    if (problems.length > 0) throw problemsError(one.file, problems);
  });
  if (files.length > 0) return loaded.map(({ environment }) => environment);
  throw new OperatorError({
    code: 'NO_ENVIRONMENTS',
    seen: `There is no environment file in ${environmentsDirectory()}.`,
    why: 'Every environment is one YAML file there, and there is nothing to synthesise without one.',
    next: 'Copy environments/example.yaml, or correct ENVIRONMENTS_DIR.',
  });
}

function problemsBetween(former: LoadedEnvironment, later: LoadedEnvironment): LocatedProblem[] {
  return conflictsBetween(former.environment, later.environment).map(({ otherPath, ...conflict }) => {
    const { line, column } = former.locate({ ...conflict, path: otherPath });
    return later.locate({ ...conflict, seen: `${conflict.seen} (${former.file}:${line}:${column})` });
  });
}

/** What stands in a part that several settings share is wrong once, however many refer to it. */
function eachOnce(problems: readonly LocatedProblem[]): LocatedProblem[] {
  const same = (one: LocatedProblem, other: LocatedProblem) =>
    one.line === other.line && one.column === other.column && one.code === other.code && one.seen === other.seen;
  return problems.filter((problem, index) => problems.findIndex((other) => same(problem, other)) === index);
}
