import type { AccountArns } from '../account';
import type { Grant } from '../grant';
import { CREATED } from './created';
import { MONITORING } from './monitoring';
import { NETWORK } from './network';
import { RDS } from './rds';
import type { Block, Operation, Placed, Row } from './row';
import { RUNNER } from './runner';
import { CLUSTER_SECRETS, SHARING } from './sharing';

type Named = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** A stack's Terraform JSON, as far as it is read. */
export interface StackJson {
  readonly data?: Named;
  readonly resource?: Named;
  readonly import?: readonly { readonly to: string }[];
}

/** By type, and `data.<type>` for what is read only. Types without calls: they are Terraform's own. */
export const TYPES: Readonly<Record<string, readonly Row[]>> = {
  ...RDS,
  aws_rds_cluster: [...RDS['aws_rds_cluster']!, ...CLUSTER_SECRETS],
  ...NETWORK,
  ...SHARING,
  ...MONITORING,
  ...CREATED,
  ...RUNNER,
  'data.terraform_remote_state': [],
  terraform_data: [],
};

/** One block of a stack, by the address that Terraform has for it. */
export interface StackBlock {
  readonly address: string;
  /** `data.<type>` for what is read only. */
  readonly type: string;
  readonly block: Block;
}

/** What Terraform calls for a stack, in these operations. */
export function stackGrants(
  json: StackJson,
  account: AccountArns,
  operations: readonly Operation[] = ['create', 'read', 'update', 'delete'],
): Grant[] {
  return blocksOf(json).flatMap((one) =>
    grantsOf(
      one.type,
      placedIn(json, account, one.block),
      operations.filter((operation) => mayBe(operation, one, json)),
    ),
  );
}

/** @throws Error for a type that the table lacks: its policy would be too narrow */
export function grantsOf(type: string, placed: Placed, operations: readonly Operation[]): Grant[] {
  const rows = TYPES[type];
  if (rows === undefined) throw new Error(`Nothing is known of what the provider calls for ${type}.`);
  return rows
    .filter((row) => row.in.some((operation) => operations.includes(operation)) && (row.if?.(placed) ?? true))
    .map(({ sid, actions, on, when }) => ({ sid, actions, on: on(placed), when: when?.(placed) }));
}

/** What is imported is never made, and what may not be destroyed is let go of at most. */
function mayBe(operation: Operation, { address, block }: StackBlock, json: StackJson): boolean {
  if (operation === 'create') return json.import?.some(({ to }) => to === address) !== true;
  const { prevent_destroy: kept } = (block.lifecycle ?? {}) as { prevent_destroy?: boolean };
  return operation !== 'delete' || kept !== true;
}

export function blocksOf({ data = {}, resource = {} }: StackJson): StackBlock[] {
  const of = (named: Named, prefix: string) =>
    Object.entries(named).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => ({
        address: `${prefix}${type}.${name}`,
        type: prefix + type,
        block,
      })),
    );
  return [...of(data, 'data.'), ...of(resource, '')];
}

/** Arguments by which a block is called. */
const NAMES = ['name', 'cluster_identifier', 'identifier', 'alarm_name', 'dashboard_name'];
/** What AWS makes up an id for, whatever name it has. */
const BY_ID = ['aws_security_group', 'aws_vpc_peering_connection'];

export function placedIn(json: StackJson, account: AccountArns, block: Block): Placed {
  return { account, block, nameOf: (argument) => nameOf(json, block[argument]) };
}

/** Through references to other blocks of the stack, down to one that has a name. */
function nameOf(json: StackJson, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (!value.includes('${')) return /^arn:.*:([^:/]+)$/.exec(value)?.[1] ?? value;
  const [, data, type = '', name = '', attribute = ''] =
    /^\$\{(data\.)?(\w+)\.(\w+)(?:\[\d+\])?\.(\w+)\}$/.exec(value) ?? [];
  const referred = (data === undefined ? json.resource : json.data)?.[type]?.[name];
  if (referred === undefined || BY_ID.includes(type)) return undefined;
  const argument = [attribute, ...NAMES].find((one) => typeof referred[one] === 'string');
  return argument === undefined ? undefined : nameOf(json, referred[argument]);
}
