/**
 * Advice that only other versions of the server print than the one of a plain run, by a version that does. There
 * `npm run test:matrix` has it carried out, and fails if it was not (test/matrix/major-run.ts).
 */
export const ON_OTHER_MAJORS: Readonly<Record<number, readonly string[]>> = {
  // Up to 13.
  13: [
    'ORIGIN_NOT_ALLOWED (sql): GRANT rds_superuser TO <login>;',
    'SUBSCRIPTION_OPTIONS_HIDDEN (sql): GRANT SELECT (oid, subsynccommit) ON pg_subscription TO <login>;',
  ],
  // From 18.
  18: [
    'SLOT_IDLE_LIMITED (setting): set idle_replication_slot_timeout to 0 in source.cluster.extraParameters of the environment file, then cdktf deploy <source>',
    "TARGET_ORIGINS_TOO_FEW (setting): set max_active_replication_origins to <needed> or more in the clone's parameter group (cdktf deploy <target> does), then reboot its writer",
  ],
};
