import type { Side } from '../../contract/contract';

export type Block = Readonly<Record<string, unknown>>;

/** A stack's Terraform JSON, as far as it is read. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

export interface Resource {
  readonly side: Side;
  readonly type: string;
  readonly name: string;
  readonly block: Block;
}

/** Every resource that a stack makes; data sources make nothing. */
export function resourcesOf(side: Side, { resource = {} }: StackJson): Resource[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, block]) =>
      repetitionsOf(name, block).map((one) => ({ side, type, name: one.name, block: one.block })),
    ),
  );
}

/** One for each entry of a map that the JSON has as it is, with what it says in place of `${each.value.…}`. */
function repetitionsOf(name: string, block: Block): Pick<Resource, 'name' | 'block'>[] {
  const { for_each: entries, ...rest } = block;
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) return [{ name, block }];
  return Object.entries(entries as Readonly<Record<string, Block>>).map(([key, entry]) => ({
    name: `${name}["${key}"]`,
    block: Object.fromEntries(
      Object.entries(rest).map(([argument, value]) => {
        const [, field] = /^\$\{each\.value\.(\w+)\}$/.exec(String(value)) ?? [];
        return [argument, field === undefined ? value : entry[field]];
      }),
    ),
  }));
}

/** The resource that an attribute refers to, as `${aws_rds_cluster.clone.id}` and `${aws_rds_cluster.clone[0].id}` do. */
export function referredTo(value: unknown, all: readonly Resource[]): Resource | undefined {
  const [, type, name] = /^\$\{(\w+)\.(\w+)(?:\[0\])?\.\w+\}$/.exec(String(value)) ?? [];
  return all.find((resource) => resource.type === type && resource.name === name);
}

/** One, or none as long as there is no clone ticket. */
const AT_MOST_ONE = /\? 1 : 0\}$/;

/** Terraform would make several of it, and the JSON does not say how many. */
export const isRepeated = ({ block }: Resource): boolean =>
  'for_each' in block || ('count' in block && !AT_MOST_ONE.test(String(block.count)));
