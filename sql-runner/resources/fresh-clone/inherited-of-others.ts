import type { SourceContract } from '../../../contract/contract';
import type { Finding } from '../../model/change';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import { quoteIdent, quoteQualified } from '../../postgres/text/quoting';
import { roleDrops } from '../former-role';
import { parseMark } from '../../model/mark';

/**
 * What a clone has of another environment of the same source, which has a clone of its own: nothing looks after these
 * here. What stands on the clone alone is of an environment that has this clone as its source.
 */
export function findInheritedOfOthers(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation | null,
): Finding[] {
  if (target === null || target.isSourceServer) return [];
  return [...roles(contract, source, target), ...heartbeats(source, target)];
}

function roles(contract: SourceContract, source: SourceObservation, target: TargetObservation): Finding[] {
  const place = Object.keys(target.databases).find((name) => target.databases[name]!.exists) ?? target.elsewhere;
  const originals = new Map(source.markedRoles.map(({ name, comment }) => [name, parseMark(comment)]));
  return (target.markedRoles ?? []).flatMap((role): Finding[] => {
    const mark = parseMark(role.comment);
    const original = originals.get(role.name);
    if (mark?.kind !== 'role' || mark.environment === contract.environment || place === undefined) return [];
    if (original?.kind !== 'role' || original.environment !== mark.environment) return [];
    const drops = roleDrops(role).map(({ text }) => `${text};`);
    return [
      {
        code: 'INHERITED_ROLE_LEFT',
        severity: 'warn',
        seen: `the clone has a copy of role ${role.name}, the replication role of environment ${mark.environment} on the source`,
        why: 'who has its password can log in to the clone, and its subscriptions are on another clone',
        next: `in database ${place} on the clone: ${drops.join(' ')}`,
      },
    ];
  });
}

function heartbeats(source: SourceObservation, target: TargetObservation): Finding[] {
  return Object.entries(target.databases).flatMap(([database, { heartbeatsOfOthers: copies = [] }]) => {
    const originals = source.databases[database]?.heartbeatsOfOthers ?? [];
    const known = new Set(originals.map((one) => JSON.stringify(one)));
    const here = copies.filter((one) => known.has(JSON.stringify(one)));
    const schemas = [...new Set(here.map(({ schema }) => schema))];
    return schemas.map((schema): Finding => {
      const own = here.filter((one) => one.schema === schema);
      const drops = [
        ...own.flatMap(({ table }) =>
          table === null ? [] : [`DROP TABLE ${quoteQualified({ schema, name: table })};`],
        ),
        ...(own.some(({ table }) => table === null) ? [`DROP SCHEMA ${quoteIdent(schema)};`] : []),
      ];
      return {
        code: 'INHERITED_HEARTBEAT_LEFT',
        severity: 'info',
        seen: `database ${database} of the clone has a copy of heartbeat ${schema} of environment ${own[0]!.environment}`,
        why: 'no beat arrives there, and its rows do not harm; a clone of this clone would have it too',
        next: `in database ${database} on the clone: ${drops.join(' ')}`,
      };
    });
  });
}
