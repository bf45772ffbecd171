import type { SourceContract } from '../../contract/contract';
import { wrapped } from '../render/wrapped';

/**
 * What has to go, beside what a teardown takes away, before production gets another major version or another name.
 * Below 17 any logical slot stops a major upgrade (Aurora user guide, "Performing a major version upgrade"), and a cluster
 * that is shared cannot be renamed (Aurora user guide, "Cross-account cloning"); a Blue/Green switchover renames.
 */
export function forUpgrade({ cluster, stacks, owned }: SourceContract): string {
  const destroy = `cdktf destroy ${stacks.target} && cdktf destroy ${stacks.source}`;
  const letGo = `${stacks.source} has ${cluster.identifier} in its state: first let it go, with mode: existing in the environment file, npm run synth and cdktf deploy ${stacks.source}; `;
  return [
    'Before an upgrade or another name:',
    ...item(
      `Slots: ours are gone. Where somebody else has one, it stops a major upgrade below 17, and from 17 on unless it is drained: SELECT slot_name FROM pg_replication_slots;`,
    ),
    ...item(
      `Share: a cluster that is shared cannot be renamed, and a Blue/Green switchover renames. ${owned === true ? letGo : ''}${destroy}`,
    ),
    ...item(
      `Afterwards: correct source.cluster in the environment file (identifier, majorVersion, parameterGroup), npm run synth, and begin with cdktf deploy ${stacks.source}`,
    ),
  ].join('\n');
}

const item = (text: string): string[] => wrapped('  -', text, 4);
