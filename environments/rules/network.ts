import { contains } from '../../contract/cidr-cover';
import { parseCidr, rangesOverlap, type AddressRange } from '../../contract/cidr';
import type { DocumentPath, Problem } from '../../errors/problem';
import { missing } from '../../errors/setting-problems';
import type { Environment } from '../schema';

/** What the VPCs, their addresses and the way between them can get wrong together. */
export function networkRules(environment: Environment): Problem[] {
  return [
    ...wayRules(environment),
    ...sharedRules(environment),
    ...overlapRules(environment),
    ...subnetRules(environment),
  ];
}

/** Settings of one way say nothing of another. */
function wayRules({ network, source }: Environment): Problem[] {
  const { mode, peeringConnectionId, transitGatewayId, remoteDns } = network;
  const problems: Problem[] = [];
  if (mode === 'transit-gateway' && transitGatewayId === undefined)
    problems.push(missing(['network', 'transitGatewayId']));
  if (mode !== 'transit-gateway' && transitGatewayId !== undefined)
    problems.push(ofAnotherWay('transitGatewayId', mode, 'transit-gateway'));
  if (mode !== 'peering' && peeringConnectionId !== undefined)
    problems.push(ofAnotherWay('peeringConnectionId', mode, 'peering'));
  if (mode !== 'peering' && remoteDns !== undefined) problems.push(ofAnotherWay('remoteDns', mode, 'peering'));
  if (mode === 'peering' && peeringConnectionId !== undefined && remoteDns !== undefined)
    problems.push({
      code: 'MODE_MISMATCH',
      seen: `network.remoteDns is ${remoteDns}, and the peering ${peeringConnectionId} is somebody else’s.`,
      why: 'Its options belong to whoever made it, and two who set them would take turns.',
      next: 'Remove remoteDns, and have DNS resolution turned on where the peering is made.',
      path: ['network', 'remoteDns'],
      atKey: true,
    });
  if (mode === 'existing' && source.manage.routes === 'stack')
    problems.push({
      code: 'MODE_MISMATCH',
      seen: 'source.manage.routes is stack, and network.mode is existing.',
      why: 'The stack does not know what the routes would lead to.',
      next: 'Remove routes, or write another network.mode.',
      path: ['source', 'manage', 'routes'],
    });
  return problems;
}

function ofAnotherWay(setting: string, mode: string, its: string): Problem {
  return {
    code: 'MODE_MISMATCH',
    seen: `network.${setting} is given, and network.mode is ${mode}.`,
    why: `It says something of a way that is not made: it belongs to mode ${its}.`,
    next: `Write mode: ${its}, or remove ${setting}.`,
    path: ['network', setting],
    atKey: true,
  };
}

/**
 * Who gets subnets by RAM cannot work with route tables, peerings and attachments, and sees only the tables (VPC user
 * guide, "Responsibilities and permissions for owners and participants").
 */
function sharedRules(environment: Environment): Problem[] {
  return (['source', 'target'] as const).flatMap((side) => {
    const { accountId, network } = environment[side];
    const { vpcOwnerId, vpcId } = network;
    if (vpcOwnerId === undefined || vpcOwnerId === accountId || environment.network.mode === 'existing') return [];
    return [
      {
        code: 'VPC_SHARED',
        seen: `${vpcId} belongs to account ${vpcOwnerId}, and network.mode is ${environment.network.mode}.`,
        why: `Account ${accountId} has subnets of it by RAM, and only the owner of a VPC can peer or attach it and change its route tables.`,
        next: 'Write network.mode: existing, and have the owner of the VPC make the way (docs/networks.md).',
        path: [side, 'network', 'vpcOwnerId'],
      } as const,
    ];
  });
}

interface Block {
  readonly text: string;
  readonly path: DocumentPath;
  readonly range: AddressRange;
}

function blocksOf(environment: Environment, side: 'source' | 'target'): Block[] {
  const { vpcCidr, secondaryCidrs } = environment[side].network;
  const at = (text: string, ...path: (string | number)[]): Block[] => {
    const range = parseCidr(text);
    return range === undefined ? [] : [{ text, range, path: [side, 'network', ...path] }];
  };
  return [...at(vpcCidr, 'vpcCidr'), ...secondaryCidrs.flatMap((text, index) => at(text, 'secondaryCidrs', index))];
}

function overlapRules(environment: Environment): Problem[] {
  const { vpcId } = environment.target.network;
  if (vpcId === environment.source.network.vpcId) {
    return [
      {
        code: 'CIDR_OVERLAP',
        seen: `Source and target are both in ${vpcId}.`,
        why: 'An id is of one VPC in all of AWS, and the stacks lead the way between two.',
        next: 'Give the VPC of the clone, which is another one.',
        path: ['target', 'network', 'vpcId'],
      },
    ];
  }
  const [source, target] = [blocksOf(environment, 'source'), blocksOf(environment, 'target')];
  const across = target.flatMap((block) => {
    const other = source.find(({ range }) => rangesOverlap(range, block.range));
    return other === undefined ? [] : [betweenVpcs(other, block)];
  });
  return [...within(source), ...within(target), ...across];
}

function betweenVpcs(source: Block, target: Block): Problem {
  return {
    code: 'CIDR_OVERLAP',
    seen: `The VPCs overlap: ${source.text} in the source account and ${target.text} in the target account.`,
    why: 'AWS does not peer VPCs with overlapping address ranges.',
    next: 'Put the clone into a VPC with a range of its own and give its CIDR block here.',
    path: target.path,
  };
}

function within(blocks: readonly Block[]): Problem[] {
  return blocks.flatMap((block, index) => {
    const other = blocks.slice(0, index).find(({ range }) => rangesOverlap(range, block.range));
    if (other === undefined) return [];
    return [
      {
        code: 'CIDR_OVERLAP',
        seen: `${block.text} overlaps with ${other.text}, which is a block of the same VPC.`,
        why: 'A VPC has each address once, so one of the two is not a block of it.',
        next: 'Give the blocks as `aws ec2 describe-vpcs` shows them in CidrBlockAssociationSet.',
        path: block.path,
      } as const,
    ];
  });
}

function subnetRules(environment: Environment): Problem[] {
  const { subnetCidrs, subnetIds } = environment.target.network;
  if (subnetCidrs === undefined) return [];
  const path = ['target', 'network', 'subnetCidrs'];
  const why = 'Production lets in these addresses and no others, so a subnet that is not among them is shut out.';
  if (subnetCidrs.length !== subnetIds.length)
    return [
      {
        code: 'SUBNET_CIDRS_MISMATCH',
        seen: `There are ${subnetIds.length} subnetIds and ${subnetCidrs.length} subnetCidrs.`,
        why,
        next: 'Give the CIDR block of each subnet.',
        path,
        atKey: true,
      },
    ];
  const vpc = blocksOf(environment, 'target');
  return subnetCidrs.flatMap((text, index) => {
    const range = parseCidr(text);
    if (range === undefined) return [];
    const other = subnetCidrs.slice(0, index).find((one) => rangesOverlap(parseCidr(one) ?? range, range));
    if (other !== undefined) return [subnetsOverlap(text, other, [...path, index])];
    if (vpc.some((block) => contains(block.range, range))) return [];
    return [
      {
        code: 'SUBNET_CIDRS_MISMATCH',
        seen: `${text} is in no block of the VPC: ${vpc.map((block) => block.text).join(', ')}.`,
        why: 'The routes lead to the blocks of the VPC.',
        next: 'Correct it, or add the block that the subnet is in to secondaryCidrs.',
        path: [...path, index],
      } as const,
    ];
  });
}

const subnetsOverlap = (text: string, other: string, path: DocumentPath): Problem => ({
  code: 'SUBNET_CIDRS_MISMATCH',
  seen: `${text} overlaps with ${other}, which is another subnet.`,
  why: 'A VPC has each address in one subnet, so one of the two blocks is not that of its subnet.',
  next: 'Give the blocks as `aws ec2 describe-subnets` shows them in CidrBlock, in the order of subnetIds.',
  path,
});
