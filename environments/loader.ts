import { basename } from 'node:path';
import { OperatorError } from '../errors/operator-error';
import { problemsError, type LocatedProblem, type Problem } from '../errors/problem';
import { readDocument } from './document';
import { explainIssues } from './explain';
import { environmentsDirectory, listEnvironments } from './files';
import { locate } from './locate';
import { brokenRules } from './rules';
import { environmentSchema, type Environment } from './schema';

/** Reads and checks one environment file. Throws one OperatorError that lists every problem with its place. */
export function loadEnvironment(file: string): Environment {
  const { document, lines, content } = readDocument(file);
  const result = environmentSchema.safeParse(content);
  const problems: Problem[] = result.success
    ? brokenRules(result.data, basename(file))
    : explainIssues(result.error.issues, content);
  if (problems.length > 0 || !result.success) {
    throw problemsError(file, eachOnce(problems.map((problem) => locate(document, lines, problem))));
  }
  return result.data;
}

/** Every environment that there is. Throws at the first file with problems, and where there is no file. */
export function loadEnvironments(): Environment[] {
  const files = listEnvironments();
  if (files.length > 0) return files.map((file) => loadEnvironment(file));
  throw new OperatorError({
    code: 'NO_ENVIRONMENTS',
    seen: `There is no environment file in ${environmentsDirectory()}.`,
    why: 'Every environment is one YAML file there, and there is nothing to synthesise without one.',
    next: 'Copy environments/example.yaml, or correct ENVIRONMENTS_DIR.',
  });
}

/** What stands in a part that several settings share is wrong once, however many refer to it. */
function eachOnce(problems: readonly LocatedProblem[]): LocatedProblem[] {
  const same = (one: LocatedProblem, other: LocatedProblem) =>
    one.line === other.line && one.column === other.column && one.code === other.code && one.seen === other.seen;
  return problems.filter((problem, index) => problems.findIndex((other) => same(problem, other)) === index);
}
