import type { Looked } from '../model/surroundings';
import type { ProductionCheck } from './check';

/** What cannot be looked at is not said to be there. It matters more where nobody but its owner would make it. */
const lookedAt: ProductionCheck = {
  code: 'PRODUCTION_NOT_LOOKED_AT',
  holds: 'what stands around production could be looked at',
  side: 'production',
  run: ({ production: { manage }, rules, routes, routesBack, keyPolicy }) => {
    const unseen = [
      ...unlooked('security group rules', rules, manage.securityGroupRules === 'owner'),
      ...unlooked('routes', routes, manage.routes === 'owner'),
      ...(routesBack === null ? [] : unlooked('routes of the clone', routesBack, true)),
      ...(keyPolicy === null ? [] : unlooked('key policy', keyPolicy, false)),
    ];
    if (unseen.length === 0) return [];
    return [
      {
        severity: unseen.some(({ ofOwner }) => ofOwner) ? 'warn' : 'info',
        seen: `not looked at: ${unseen.map(({ words }) => words).join('; ')}`,
        why: 'whether the clone can be made and reaches production shows only when it is tried, and what is removed later shows only when streams stand still',
        next: 'allow the reading calls that docs/iam.md names, in the account that refuses them',
      },
    ];
  },
};

function unlooked(what: string, looked: Looked<unknown>, ofOwner: boolean) {
  return 'refused' in looked ? [{ words: `${what} (${looked.refused})`, ofOwner }] : [];
}

export const productionUnseenChecks = [lookedAt];
