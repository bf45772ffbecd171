import { ec2Id } from '../ids';
import type { SecurityGroup } from '../world';
import { blocks, optionalText, texts, type Attributes } from './handler';

/** The `ingress` of `aws_security_group`: all rules of the group, whoever made them, as the provider reads them. */
export function inlineRules(group: SecurityGroup): Attributes[] {
  return Object.values(group.rules)
    .filter(({ direction, settings }) => direction === 'ingress' && typeof settings.cidr_ipv4 === 'string')
    .map(({ settings }) => ({
      cidr_blocks: [settings.cidr_ipv4],
      ipv6_cidr_blocks: [],
      prefix_list_ids: [],
      security_groups: [],
      self: false,
      protocol: settings.ip_protocol,
      from_port: Number(settings.from_port ?? 0),
      to_port: Number(settings.to_port ?? 0),
      description: settings.description ?? '',
    }));
}

/**
 * Where a configuration has such blocks they are all that the group is to let in: "Terraform will assume that you want
 * to manage all ingress rules exclusively", and every other rule is revoked (provider, aws_security_group, ingress).
 */
export function setInlineRules(group: SecurityGroup, config: Attributes): void {
  for (const { id, direction } of Object.values(group.rules)) if (direction === 'ingress') delete group.rules[id];
  for (const block of blocks(config, 'ingress'))
    for (const cidr of texts(block, 'cidr_blocks')) {
      const id = ec2Id('sgr');
      const description = optionalText(block, 'description');
      const settings = {
        cidr_ipv4: cidr,
        ip_protocol: block.protocol,
        from_port: block.from_port,
        to_port: block.to_port,
        ...(description === undefined ? {} : { description }),
      };
      group.rules[id] = { id, direction: 'ingress', settings };
    }
}
