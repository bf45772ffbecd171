import type { World } from '../world';
import { blocks, text, texts, type Attributes, type DataHandler } from './handler';

/** Packets go through an attachment in these states. */
const AT_WORK = ['available', 'modifying'];

/** Attachments of a VPC to a gateway that work. */
export function attachmentsOf({ transitGateways }: World, gatewayId: string, vpcId: string) {
  const all = Object.values(transitGateways?.[gatewayId]?.attachments ?? {});
  return all.filter((one) => one.vpcId === vpcId && AT_WORK.includes(one.state));
}

/** Whether all filters have the value that a thing has under their name; one that EC2 does not have matches nothing. */
export function matches(config: Attributes, valuesOf: Readonly<Record<string, string>>): boolean {
  return blocks(config, 'filter').every((filter) =>
    texts(filter, 'values').includes(valuesOf[text(filter, 'name')] ?? ''),
  );
}

/** Only attachments of the account's own VPCs are seen; that there are none is no error. */
export const gatewayAttachments: DataHandler = ({ world, account, region }, config) => {
  const found = Object.values(world.transitGateways ?? {}).flatMap(({ id, attachments }) =>
    Object.values(attachments).filter(
      (one) =>
        one.accountId === account.id &&
        matches(config, {
          'transit-gateway-id': id,
          'transit-gateway-attachment-id': one.id,
          'vpc-id': one.vpcId,
          state: one.state,
        }),
    ),
  );
  return { id: region, ids: found.map(({ id }) => id) };
};
