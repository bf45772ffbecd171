import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBy } from '../../../lab/connections';
import type { Lab } from '../../../lab/lab';
import { leftOnClone } from '../../e2e/support/left-on-clone';

/** All that there is of both accounts, of production and of the states; a way back out leads to what was there before. */
export async function standing(lab: Lab, checkout: string, databases: readonly string[]) {
  const { accounts, shares, peerings } = lab.state.world;
  const source = connectBy((database) => lab.sourceConnection(database));
  const client = await source(databases[0]!);
  const { rows } = await client.query<{ setting: string }>(`SELECT current_setting('wal_level') AS setting`);
  await client.end();
  return {
    accounts: Object.values(accounts).map(({ kmsKeys: _, ...account }) => account),
    shares,
    peerings,
    walLevel: rows[0]!.setting,
    onProduction: await leftOnClone(source, databases),
    inStates: ['source', 'target'].flatMap((side) => heldBy(join(checkout, 'terraform-state', `dev-${side}.tfstate`))),
  };
}

interface State {
  readonly resources: readonly { readonly mode: string; readonly type: string; readonly name: string }[];
}

function heldBy(file: string): string[] {
  if (!existsSync(file)) return [];
  const { resources } = JSON.parse(readFileSync(file, 'utf8')) as State;
  return resources.filter(({ mode }) => mode === 'managed').map(({ type, name }) => `${type}.${name}`);
}
