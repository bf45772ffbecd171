import { disabled, killSender, killWorker } from './by-hand';
import { hold, rotate } from './consent';
import { ddl } from './ddl';
import type { SoakEvent } from './event';
import { conflict, cut, lock, login } from './faults';
import { apply, longTransaction, verify } from './harmless';
import { failover, restart } from './restarts';
import { lostBetween, stillStands } from './standstills';

/** Whatever may happen in a soak. */
export const EVENTS: Readonly<Record<string, SoakEvent>> = {
  'restart of the source': restart('source', 'fast'),
  'crash of the source': restart('source', 'immediate'),
  'failover of the source': failover('source'),
  'restart of the clone': restart('clone', 'fast'),
  'crash of the clone': restart('clone', 'immediate'),
  'failover of the clone': failover('clone'),
  'network cut': cut,
  'source stands still': stillStands('source'),
  'clone stands still': stillStands('clone'),
  'nothing gets through': lostBetween,
  'role without login': login,
  'lock on the clone': lock,
  'conflict on the clone': conflict,
  'apply worker killed': killWorker,
  'WAL sender killed': killSender,
  'subscription disabled': disabled,
  'hold and resume': hold,
  'password rotated': rotate,
  'long transaction': longTransaction,
  DDL: ddl,
  apply,
  verify,
};
