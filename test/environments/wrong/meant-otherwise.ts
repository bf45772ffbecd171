import type { Mistake } from '../edited-environment';
import { create } from './modes';

/** Files that AWS or PostgreSQL would take, and that cannot be meant. */
export const MEANT_OTHERWISE: readonly Mistake[] = [
  [
    'the master user as the replication role',
    'BAD_VALUE',
    'role: ^app_owner',
    /both app_owner(.|\n)*remove replication\.role/,
    create('masterUser: { name: app_owner }'),
    ['replication:', 'replication:\n  role: app_owner'],
  ],
  [
    'the master user of the preset as the replication role',
    'BAD_VALUE',
    'role: ^postgres',
    /both postgres/,
    create(),
    ['replication:', 'replication:\n  role: postgres'],
  ],
  [
    'a master user of the name that the replication role has by itself',
    'BAD_VALUE',
    'name: ^acas_demo',
    /both acas_demo(.|\n)*for the master user/,
    create('masterUser: { name: acas_demo }'),
  ],
];
