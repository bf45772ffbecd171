import type { OptionName } from '../../../sql-runner/postgres/catalog/subscription-options';
import type { Stream } from '../../../contract/contract';

const valuesOf = ({ publication, slot }: Stream): Partial<Record<OptionName, string | null>> => ({
  owner: 'master',
  publication: JSON.stringify([publication]),
  slot_name: slot,
  synchronous_commit: 'off',
  binary: 'false',
  streaming: 'on',
  two_phase: 'false',
  disable_on_error: 'false',
  skip_lsn: 'NONE',
  password_required: 'true',
  run_as_owner: 'false',
  origin: 'any',
  failover: 'false',
});

/** Of a subscription of ours that nobody altered, on PostgreSQL 18. */
export const unaltered = (database: string, stream: Stream) => ({
  name: stream.subscription,
  database,
  comment: null,
  login: 'master',
  superuser: false,
  mayAlter: true,
  values: valuesOf(stream),
});
