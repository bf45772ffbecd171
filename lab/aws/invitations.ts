import type { Ended } from './ended';
import type { World } from './world';

/**
 * Ends whatever is offered and not accepted, as AWS does seven days after it was, or as whoever declines it: invitations of
 * shares (RAM user guide, "Accepting and rejecting resource share invitations") and requests for peerings (VPC peering
 * guide, "VPC peering connection lifecycle").
 *
 * @returns what has ended, by its ARN or id
 */
export function endInvitations({ shares, peerings }: World, how: Ended): string[] {
  const invited = Object.values(shares).flatMap(({ arn, principals }) =>
    Object.values(principals)
      .filter(({ status }) => status === 'pending')
      .map((principal) => ({ id: arn, end: () => (principal.status = how) })),
  );
  const asked = Object.values(peerings)
    .filter(({ status }) => status === 'pending-acceptance')
    .map((peering) => ({ id: peering.id, end: () => (peering.status = how) }));
  for (const { end } of [...invited, ...asked]) end();
  return [...invited, ...asked].map(({ id }) => id);
}
