const mark = (kind: string) => `aurora-cross-account-sync {"kind":"${kind}","environment":"other"}`;
/** What another environment of the cluster has on the source, and what takes it away. */
export const OTHER = [
  'CREATE ROLE acas_other_one LOGIN',
  `COMMENT ON ROLE acas_other_one IS '${mark('role')}'`,
  'GRANT CONNECT ON DATABASE shop TO acas_other_one',
  'CREATE SCHEMA acas_other_shop',
  'CREATE TABLE acas_other_shop.acas_heartbeat (id uuid PRIMARY KEY)',
  `COMMENT ON SCHEMA acas_other_shop IS '${mark('heartbeat')}'`,
  `COMMENT ON TABLE acas_other_shop.acas_heartbeat IS '${mark('heartbeat')}'`,
];
export const WITHOUT_OTHER = [
  'DROP TABLE acas_other_shop.acas_heartbeat',
  'DROP SCHEMA acas_other_shop',
  'REVOKE CONNECT ON DATABASE shop FROM acas_other_one',
  'DROP ROLE acas_other_one',
];
