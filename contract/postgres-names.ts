/** PostgreSQL keeps 63 bytes of a name (NAMEDATALEN, pg_config_manual.h) and silently cuts off the rest. */
export const NAME_BYTES = 63;

/** Databases of PostgreSQL or RDS itself: they hold nothing to replicate, and take no publication. */
export const RESERVED_DATABASES: readonly string[] = ['template0', 'template1', 'rdsadmin'];

/** A name that the catalog holds as it is given. */
export function isName(value: string): boolean {
  return value.length > 0 && Buffer.byteLength(value) <= NAME_BYTES && !value.includes('\0');
}

/**
 * The strictest names: what ReplicationSlotValidateName takes (slot.c). `none`
 * means no slot to CREATE SUBSCRIPTION (subscriptioncmds.c), and the slots that
 * the server makes for itself, and that we drop as its leftovers, begin with pg_.
 */
export function isSlotName(value: string): boolean {
  return /^[a-z0-9_]+$/.test(value) && isName(value) && value !== 'none' && !value.startsWith('pg_');
}

/** Names that neither PostgreSQL (IsReservedName, and `public` and `none` in gram.y) nor RDS keeps for itself. */
export function isRoleName(value: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(value) && isName(value) && !/^(pg_|rds|public$|none$)/.test(value);
}
