import type { SourceContract } from '../../contract/contract';
import { streamsOf } from '../model/streams';
import { someOf } from '../resources/some-of';
import type { Found, StreamsCheck } from './check';

/**
 * Of the password in the secret. A stream that is connected goes on until it has to connect again, and one whose
 * subscription has a password of before that works goes on then too.
 */
export const refusedLogin: StreamsCheck = {
  code: 'SOURCE_REFUSES_LOGIN',
  holds: 'the source accepts the password in the secret of the replication role',
  side: 'streams',
  run: ({ passwordWorks, givenPasswordsWork: given }, { contract, connected }) => {
    if (passwordWorks === null || !connected) return [];
    const { environment, replication } = contract;
    if (passwordWorks) return givenAnother(contract, given ?? {});
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

/** As a rotation leaves them that died once the role had the new one. */
function givenAnother(
  { environment, links, replication }: SourceContract,
  given: Readonly<Record<string, boolean>>,
): Found[] {
  const names = links.flatMap(({ streams }) => streams.map(({ subscription }) => subscription));
  const refused = names.filter((name) => given[name] === false);
  if (refused.length === 0) return [];
  return [
    {
      severity: 'block',
      standing: true,
      seen: `the source lets ${replication.role} log in with the password in its secret, and ${someOf(refused)} ${refused.length === 1 ? 'was' : 'were'} given another version of that secret, whose password does not work any more`,
      why: 'who is connected goes on until the connection breaks for whatever reason; then it cannot connect again, and production keeps WAL for it',
      next: `run sql-runner apply ${environment}, which gives every subscription the password in the secret`,
    },
  ];
}
