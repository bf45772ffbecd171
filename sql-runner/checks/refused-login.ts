import { streamsOf } from '../model/streams';
import type { StreamsCheck } from './check';

/**
 * Of the password in the secret. A stream that is connected goes on until it has to connect again, and one whose
 * subscription has a password of before that works goes on then too.
 */
export const refusedLogin: StreamsCheck = {
  code: 'SOURCE_REFUSES_LOGIN',
  holds: 'the source accepts the password in the secret of the replication role',
  side: 'streams',
  run: ({ passwordWorks, givenPasswordsWork: given }, { contract, connected }) => {
    if (passwordWorks !== false || !connected) return [];
    const { environment, replication } = contract;
    const own = streamsOf(contract).flatMap(({ stream }) => given?.[stream.subscription] ?? []);
    if (own.length > 0 && own.every((works) => works))
      return [
        {
          severity: 'warn',
          seen: `the source does not let ${replication.role} log in with the password in its secret yet, and does with the one before it, which the subscriptions have`,
          why: 'a rotation has ended before the role had the new one: every stream goes on, and can connect again',
          next: `run sql-runner apply ${environment}, which sets the one in the secret on the role and in the subscriptions`,
        },
      ];
    return [
      {
        severity: 'block',
        standing: true,
        seen: `the source does not let ${replication.role} log in with the password in its secret`,
        why: 'no stream can connect again: when the connection breaks for whatever reason it stops, and production keeps WAL for it',
        next: `run sql-runner apply ${environment}, which sets the password of the secret on the role and in the subscriptions`,
      },
    ];
  },
};
