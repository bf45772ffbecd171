import type { CtyValue } from './cty/type';
import { RESOURCE_BEHAVIOUR } from './resource-behaviour';
import type { Rule } from './rules';
import type { DataSourceType } from './schema/types-in-use';

/**
 * What the real provider's schema says and cdktf's generated code does not.
 * The names are top-level arguments; `block.name` means one inside a block.
 */
export interface Behaviour {
  /** A change of one of these needs a new resource. Blocks count as a whole. */
  readonly forceNew?: readonly string[];
  /** Values of arguments that are left out. */
  readonly defaults?: Readonly<Record<string, CtyValue>>;
  readonly sensitive?: readonly string[];
  /** Given to the provider but never stored, not even in the state. */
  readonly writeOnly?: readonly string[];
  /** Blocks that AWS fills in when they are left out. */
  readonly computedBlocks?: readonly string[];
  /** Version arguments: `17` stays `17` in the state while AWS reports `17.4`. */
  readonly versionPrefix?: readonly string[];
  /** Values of arguments that AWS reports by another one, which is no change (the provider's CustomizeDiff). */
  readonly reportedAs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Destroying it needs `skip_final_snapshot = true` or a `final_snapshot_identifier`. */
  readonly finalSnapshot?: boolean;
  /** What the id that is given to an import consists of, with `_` between; absent: it tells all. */
  readonly importId?: readonly string[];
  readonly rules?: readonly Rule[];
}

/** @see https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/data-sources/ssm_parameters_by_path */
const DATA_SOURCE_BEHAVIOUR: Readonly<Partial<Record<DataSourceType, Behaviour>>> = {
  aws_ssm_parameters_by_path: { defaults: { with_decryption: true, recursive: false }, sensitive: ['values'] },
};

const NOTHING_SPECIAL: Behaviour = {};

export function resourceBehaviour(type: string): Behaviour {
  return (RESOURCE_BEHAVIOUR as Readonly<Record<string, Behaviour>>)[type] ?? NOTHING_SPECIAL;
}

export function dataSourceBehaviour(type: string): Behaviour {
  return (DATA_SOURCE_BEHAVIOUR as Readonly<Record<string, Behaviour>>)[type] ?? NOTHING_SPECIAL;
}
