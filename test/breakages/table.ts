import type { Breakage } from './breakage';
import { CLONE_GONE_ROWS } from './rows/clone-gone';
import { HEARTBEAT_ROWS } from './rows/heartbeat';
import { NETWORK_ROWS } from './rows/network';
import { PROGRESS_ROWS } from './rows/progress';
import { PUBLICATION_ROWS } from './rows/publication';
import { READER_ROWS } from './rows/readers';
import { ROLE_ROWS } from './rows/role';
import { ROOM_ROWS } from './rows/room';
import { ROWS_OF_CLONE } from './rows/rows-of-clone';
import { ROWS_SWALLOWED } from './rows/rows-swallowed';
import { SERVER_ROWS } from './rows/servers';
import { SLOT_ROWS } from './rows/slot';
import { SUBSCRIPTION_ROWS } from './rows/subscription';
import { TABLES } from './rows/tables';

const ALL: readonly Breakage[] = [
  ...ROWS_OF_CLONE,
  ...TABLES,
  ...SUBSCRIPTION_ROWS,
  ...PUBLICATION_ROWS,
  ...SLOT_ROWS,
  ...ROLE_ROWS,
  ...SERVER_ROWS,
  ...HEARTBEAT_ROWS,
  ...PROGRESS_ROWS,
  ...ROWS_SWALLOWED,
  ...CLONE_GONE_ROWS,
  ...ROOM_ROWS,
  ...READER_ROWS,
  ...NETWORK_ROWS,
];

/** Every row; those that only a new clone heals come last, as it takes longest. */
export const BREAKAGES: readonly Breakage[] = [...ALL].sort(
  (one, other) => Number(one.newClone ?? false) - Number(other.newClone ?? false),
);
