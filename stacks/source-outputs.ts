/** Outputs of the source stack that the target stack reads besides the contract. */
export const SHARE_OUTPUT = 'resource_share_arn';
export const PEERING_OUTPUT = 'peering_connection_id';
