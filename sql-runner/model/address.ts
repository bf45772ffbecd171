import type { Side } from '../../contract/contract';

/** Where a statement runs. */
export interface Place {
  readonly side: Side;
  readonly database: string;
}

/**
 * Which step a change is: the same one has the same address in every run. Two changes of one address are two actions
 * on one thing, as a slot that is dropped and made again.
 */
export interface Address {
  readonly side: Side;
  /** Absent: of the whole server, or of the account. */
  readonly database?: string;
  /** The thing, or what of it: `publication`, `subscription-enabled`. */
  readonly kind: string;
  /** Absent: there is one only. */
  readonly name?: string;
}

/** As people and scripts see it: `source/shop/slot/acas_demo_shop`. Nobody takes it apart; names may have slashes. */
export function addressText({ side, database, kind, name }: Address): string {
  return [side, database, kind, name].filter((part) => part !== undefined).join('/');
}
