import type { Contracts, SourceContract } from '../../contract/contract';

/** Where a side is; null of a clone that is not deployed. */
export interface Location {
  readonly accountId: string;
  /** Host and port. */
  readonly endpoint: string;
}

export type Places = Readonly<Record<'source' | 'clone', Location | null>>;

export function placesOf({ source, target }: Contracts): Places {
  const place = ({ account, cluster }: Pick<SourceContract, 'account' | 'cluster'>): Location => ({
    accountId: account.accountId,
    endpoint: `${cluster.endpoint}:${cluster.port}`,
  });
  return { source: place(source), clone: target === null ? null : place(target) };
}
