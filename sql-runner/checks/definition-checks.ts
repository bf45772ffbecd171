import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { DatabaseShapes } from '../model/survey';
import { acknowledge } from './acknowledge';
import { stamped, type DefinitionsCheck } from './check';
import { columnTypeChecks } from './column-types-differ';
import { columnChecks } from './columns-differ';
import { constraintChecks } from './constraints-differ';
import { keyChecks } from './keys-differ';
import { userTypeChecks } from './user-types-differ';

const CHECKS: readonly DefinitionsCheck[] = [
  ...userTypeChecks,
  ...columnChecks,
  ...columnTypeChecks,
  ...constraintChecks,
  ...keyChecks,
];

/** What plan refuses of the definitions of both sides: rows that are sent come out otherwise there, or stop the stream. */
export function refusedDefinitions(
  contract: SourceContract,
  shapes: Readonly<Record<string, DatabaseShapes>>,
): Finding[] {
  const found = CHECKS.flatMap((check) =>
    check.run(null, { contract, shapes }).map((finding) => stamped(check, finding)),
  );
  return acknowledge(contract, found).filter(({ severity }) => severity === 'block');
}
