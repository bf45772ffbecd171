import { nearest } from '../../errors/nearest';
import type { DocumentPath, Problem } from '../../errors/problem';
import { lookUp, settableNames, type Known } from '../parameters/lookup';
import { parameterSettings, type ExtraParameters, type ParameterSetting } from '../parameters/setting';
import { refusedValue } from '../parameters/value';
import type { Environment } from '../schema';

const REFUSED = 'RDS would refuse it when the stack is applied, after its plan was approved.';
const VOUCH = 'If RDS does take it, write { value, applyMethod } in the place of the value: then it is not checked.';

/** The two settings that name parameters, each with where it stands. */
function lists({ source, target }: Environment): readonly (readonly [DocumentPath, ExtraParameters])[] {
  return [
    [['source', 'cluster', 'extraParameters'], source.cluster.extraParameters],
    [['target', 'clone', 'extraParameters'], target.clone.extraParameters],
  ];
}

/** Names and values of extraParameters that RDS would refuse. What the table does not know is a note, never an error. */
export function parameterRules(environment: Environment): Problem[] {
  const { majorVersion } = environment.source.cluster;
  const unchecked = ({ name, applyMethod }: ParameterSetting) =>
    applyMethod !== undefined || name === 'rds.logical_replication';
  return lists(environment).flatMap(([path, parameters]) =>
    parameterSettings(parameters)
      .filter((setting) => !unchecked(setting))
      .flatMap((setting) => problemOf(setting, lookUp(setting.name, majorVersion), majorVersion))
      .map((problem) => ({ ...problem, path: [...path, ...problem.path] })),
  );
}

/** What is set and could not be checked. */
export function parameterNotes(environment: Environment): Problem[] {
  const { majorVersion } = environment.source.cluster;
  return lists(environment).flatMap(([path, parameters]) =>
    parameterSettings(parameters)
      .filter(({ applyMethod }) => applyMethod === undefined)
      .flatMap(({ name }) =>
        noteOf(`${path.join('.')}.${name}`, lookUp(name, majorVersion), majorVersion, [...path, name]),
      ),
  );
}

function problemOf({ name, value }: ParameterSetting, known: Known, major: number): Problem[] {
  switch (known.kind) {
    case 'listed':
    case 'unlisted':
      return valueProblem(name, value, known);
    case 'fixed':
    case 'withheld':
      return [notOffered(name, known)];
    case 'other-version':
      return [otherVersion(name, known.majors, major)];
    case 'unknown':
      return misspelt(name, major);
  }
}

function valueProblem(name: string, value: string, { row }: Extract<Known, { row: unknown }>): Problem[] {
  const refused = refusedValue(row, value);
  if (refused === undefined) return [];
  const seen = `${name} is "${value}"; ${refused.takes}.`;
  return [{ code: 'BAD_PARAMETER_VALUE', seen, why: REFUSED, next: refused.next, path: pathOf(name) }];
}

function notOffered(name: string, { kind, instead }: Extract<Known, { kind: 'fixed' | 'withheld' }>): Problem {
  const seen =
    kind === 'fixed'
      ? `${name} is set, which AWS lets nobody change on Aurora PostgreSQL.`
      : `${name} is set, which is not among the parameters that AWS lists for Aurora PostgreSQL.`;
  const next =
    instead === undefined ? `Remove it. ${VOUCH}` : `Remove it: the stack sets ${instead}, which decides it.`;
  return { code: 'PARAMETER_NOT_OFFERED', seen, why: REFUSED, next, path: pathOf(name), atKey: true };
}

function otherVersion(name: string, majors: string, major: number): Problem {
  const seen = `${name} is set, which version ${major} of PostgreSQL does not have; ${majors}.`;
  const next = `Remove it. ${VOUCH}`;
  return { code: 'PARAMETER_OTHER_VERSION', seen, why: REFUSED, next, path: pathOf(name), atKey: true };
}

/** Only what is nearly a known name: anything else may be new. */
function misspelt(name: string, major: number): Problem[] {
  const meant = nearest(name, settableNames(major), name.length < 6 ? 1 : 2);
  if (meant === undefined) return [];
  const seen = `"${name}" is no parameter that the table knows, and nearly one that it does.`;
  const next = `Did you mean "${meant}"? ${VOUCH}`;
  return [{ code: 'PARAMETER_MISSPELT', seen, why: REFUSED, next, path: pathOf(name), atKey: true }];
}

function noteOf(where: string, known: Known, major: number, path: DocumentPath): Problem[] {
  const why = 'Whether RDS takes it shows when the stack is applied.';
  if (known.kind === 'unknown') {
    const seen = `${where} is not known to the table of parameters: neither its name nor its value is checked.`;
    const next = `Nothing, if it is right. It is set pending-reboot, which RDS takes for every parameter; write { value, applyMethod: immediate } where it applies at once.`;
    return [{ code: 'PARAMETER_UNKNOWN', seen, why, next, path, atKey: true }];
  }
  if (known.kind !== 'unlisted') return [];
  const seen = `${where} is known of PostgreSQL ${major} only: AWS's list in the table is older.`;
  const next = 'Nothing, if it is right. Write { value, applyMethod } where RDS wants another method.';
  return [{ code: 'PARAMETER_UNKNOWN', seen, why, next, path, atKey: true }];
}

/** Within its list. */
const pathOf = (name: string): DocumentPath => [name];
