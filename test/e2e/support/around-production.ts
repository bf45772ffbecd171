import type { Production } from '../../../contract/production';
import { loadEnvironment } from '../../../environments/loader';
import { terraformAs } from '../../lab/aws/support';
import { FILE } from './direct-stacks';
import type { DirectLab } from './direct-lab';

/** The parts of the source stack that stand around the cluster, and a contract that names them; its key is not there. */
export async function makeAround(world: DirectLab): Promise<void> {
  const { source, target } = loadEnvironment(FILE);
  const terraform = terraformAs(world.lab, source.accountId);
  const { vpcId, routeTableIds, securityGroupIds } = source.network;
  const targetCidr = target.network.vpcCidr;
  const other = { peer_vpc_id: target.network.vpcId, peer_owner_id: target.accountId };
  const peering = await terraform('create', 'aws_vpc_peering_connection', { vpc_id: vpcId, ...other });
  const peeringConnectionId = String(peering.id);
  for (const table of routeTableIds) {
    const way = { destination_cidr_block: targetCidr, vpc_peering_connection_id: peeringConnectionId };
    await terraform('create', 'aws_route', { route_table_id: table, ...way });
  }
  const { port } = world.contract.cluster;
  for (const group of securityGroupIds) {
    const rule = { cidr_ipv4: targetCidr, ip_protocol: 'tcp', from_port: port, to_port: port };
    await terraform('create', 'aws_vpc_security_group_ingress_rule', { security_group_id: group, ...rule });
  }
  const sourceKeyArn = `arn:aws:kms:${world.contract.region}:${source.accountId}:key/none`;
  const manage = { parameterGroup: 'stack', securityGroupRules: 'stack', routes: 'stack', keyPolicy: 'owner' } as const;
  const production: Production = {
    manage,
    targetCidr,
    securityGroupIds,
    routeTableIds,
    peeringConnectionId,
    sourceKeyArn,
  };
  Object.assign(world.contract, { production });
}
