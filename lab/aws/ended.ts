/** How an offer ends that nobody accepts: not in seven days, or never, as it was declined. */
export type Ended = 'expired' | 'rejected';

/** The provider finds such a one no more (ec2/find.go, findVPCPeeringConnectionByID). */
export const hasEnded = ({ status }: { readonly status: string }): boolean =>
  status === 'expired' || status === 'rejected';
