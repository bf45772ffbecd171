import type { AccountArns } from '../account';
import type { Condition } from '../grant';

export type Block = Readonly<Record<string, unknown>>;

/** What the provider does with a resource. A data source is only read. */
export type Operation = 'create' | 'read' | 'update' | 'delete';

/** One block of a stack, and the account that the stack works in. */
export interface Placed {
  readonly account: AccountArns;
  readonly block: Block;
  /** The name of what an argument names or refers to; undefined: AWS makes it up. */
  nameOf(argument: string): string | undefined;
}

/** Calls of the provider for a type, in some of its operations. */
export interface Row {
  readonly in: readonly Operation[];
  readonly sid: string;
  readonly actions: readonly string[];
  readonly on: (placed: Placed) => readonly string[];
  readonly when?: (placed: Placed) => Condition;
  /** Absent: always. */
  readonly if?: (placed: Placed) => boolean;
}

export type Rows = Readonly<Record<string, readonly Row[]>>;

export const EVER: readonly Operation[] = ['create', 'read', 'update', 'delete'];

export const anything = () => ['*'];

/** What Terraform makes carries these tags of the provider block (stacks/providers.ts). */
export const tagged = (key: 'ResourceTag' | 'RequestTag', { account }: Placed): Condition => ({
  StringEquals: {
    [`aws:${key}/Project`]: 'aurora-cross-account-sync',
    [`aws:${key}/Environment`]: account.environment.name,
  },
});
