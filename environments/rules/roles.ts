import type { Problem } from '../../errors/problem';
import type { Environment } from '../schema';

/** An external id goes with a role that is assumed; alone it would be sent to nobody, and guard nothing. */
export function roleRules(environment: Environment): Problem[] {
  return (['source', 'target'] as const).flatMap((side) => {
    const { roleArn, runnerRoleArn, externalId } = environment[side];
    if (externalId === undefined || roleArn !== undefined || runnerRoleArn !== undefined) return [];
    return [
      {
        code: 'EXTERNAL_ID_WITHOUT_ROLE',
        seen: `${side}.externalId is set, but no role that it could be sent to.`,
        why: 'STS compares it when a role is assumed. Without one Terraform and sql-runner work with the credentials that they are run with, and nothing is compared.',
        next: `Give the role as ${side}.roleArn, or remove ${side}.externalId.`,
        path: [side, 'externalId'],
      },
    ];
  });
}
