import type { Problem } from '../../errors/problem';
import type { Environment } from '../schema';

const LISTS = ['routeTableIds', 'securityGroupIds'] as const;

/** What belongs to one VPC is not in the other; where both sides name one VPC, that is the slip. */
export function copiedIdRules({ source, target }: Environment): Problem[] {
  if (source.network.vpcId === target.network.vpcId) return [];
  return LISTS.flatMap((list) =>
    target.network[list].flatMap((id, index): Problem[] =>
      (source.network[list] as readonly string[]).includes(id)
        ? [
            {
              code: 'DUPLICATE_ENTRY',
              seen: `${id} is in source.network.${list} as well.`,
              why: 'It belongs to the VPC of one side, and the other one’s Terraform would find none of that id.',
              next: `Give those of ${target.network.vpcId}.`,
              path: ['target', 'network', list, index],
            },
          ]
        : [],
    ),
  );
}
