import { arrivingOf } from '../model/added-tables';
import { ownMark } from '../model/mark';
import type { AddedTable } from '../model/table-notes';
import { displayTable } from '../model/table-selection';
import { streamsOf } from '../model/streams';
import type { TargetCheck } from './check';

/** Whatever of it is done by now, and whether a run is at work on it or was killed: it is in sync once it was compared. */
const arriving: TargetCheck = {
  code: 'NEW_TABLE_ARRIVING',
  holds: 'no table is on its way into a stream',
  side: 'target',
  run: (target, { contract }) =>
    streamsOf(contract).flatMap(({ database, stream }) => {
      const options = target.databases[database]?.subscriptionOptions.find(({ name }) => name === stream.subscription);
      const tables = arrivingOf(ownMark(options?.comment ?? null, 'subscription', contract.environment));
      if (tables.length === 0) return [];
      return [
        {
          severity: 'block',
          standing: true,
          seen: seenArriving(tables, database, stream.subscription),
          why: ARRIVING_WHY,
          next: `sql-runner apply ${contract.environment} goes on with it where it stands`,
        },
      ];
    }),
};

export const seenArriving = (tables: readonly AddedTable[], database: string, subscription: string): string =>
  `${tables.map(displayTable).join(', ')} in database ${database} is being added to subscription ${subscription}, and its rows were not compared yet`;

export const ARRIVING_WHY = 'rows may be missing on the clone until it is copied and compared';

export const arrivingChecks = [arriving];
