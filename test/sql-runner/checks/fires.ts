import { FIRES_NOT_SELECTED } from './fires-not-selected';
import { FIRES_OF_STREAMS } from './fires-of-streams';
import { FIRES_ON_INHERITED } from './fires-on-inherited';
import { FIRES_ON_DDL } from './fires-on-ddl';
import { FIRES_ON_OPTIONS } from './fires-on-options';
import { FIRES_ON_PRODUCTION } from './fires-on-production';
import { FIRES_ON_ROLE } from './fires-on-role';
import { FIRES_ON_SECRETS } from './fires-on-secrets';
import { FIRES_ON_SHAPES } from './fires-on-shapes';
import { FIRES_ON_SOURCE } from './fires-on-source';
import { FIRES_ON_TARGET } from './fires-on-target';
import { FIRES_ON_WORKER } from './fires-on-worker';
import type { Fires } from './provocations';

/** Every code of the preflight checks, in each form, alone. */
export const FIRES: readonly Fires[] = [
  ...FIRES_ON_SOURCE,
  ...FIRES_ON_PRODUCTION,
  ...FIRES_ON_ROLE,
  ...FIRES_NOT_SELECTED,
  ...FIRES_ON_TARGET,
  ...FIRES_ON_DDL,
  ...FIRES_ON_OPTIONS,
  ...FIRES_ON_WORKER,
  ...FIRES_ON_INHERITED,
  ...FIRES_ON_SHAPES,
  ...FIRES_ON_SECRETS,
  ...FIRES_OF_STREAMS,
];
