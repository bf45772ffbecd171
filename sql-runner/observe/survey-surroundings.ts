import { keyPolicy } from '../aws/key-policy';
import { ingressRules, routesOf } from '../aws/production-network';
import type { Reading } from '../connections/reading';
import { explain } from '../explain/explain';
import type { Looked, Surroundings } from '../model/surroundings';

/**
 * Reads what stands around the production cluster; null where the contract, one of before, does not name it. What
 * cannot be had is no reason to fail: the rights to look are new, and the owner of production may not give them.
 */
export async function surveySurroundings(reading: Reading): Promise<Surroundings | null> {
  const { production } = reading.contracts.source;
  if (production === null) return null;
  const { securityGroupIds, routeTableIds, sourceKeyArn, wayBack } = production;
  const [rules, routes, routesBack, policy] = await Promise.all([
    looked(reading.aws('source', ingressRules, ...securityGroupIds)),
    looked(reading.aws('source', routesOf, ...routeTableIds)),
    wayBack === undefined ? null : looked(reading.aws('target', routesOf, ...wayBack.routeTableIds)),
    sourceKeyArn === null ? null : looked(reading.aws('source', keyPolicy, sourceKeyArn)),
  ]);
  return { production, rules, routes, routesBack, keyPolicy: policy };
}

async function looked<T>(read: Promise<T>): Promise<Looked<T>> {
  try {
    return { seen: await read };
  } catch (cause) {
    return { refused: explain(cause).seen };
  }
}
