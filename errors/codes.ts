import { CLONE_CODES } from './codes/clone';
import { COST_CODES } from './codes/cost';
import { DDL_CODES } from './codes/ddl';
import { ENVIRONMENT_FILE_CODES } from './codes/environment-files';
import { LAB_CODES } from './codes/lab';
import { MIGRATION_CODES } from './codes/migrations';
import { NEW_TABLE_CODES } from './codes/new-tables';
import { PULL_REQUEST_CODES } from './codes/pull-requests';
import { REACH_CODES } from './codes/reach';
import { RIGHT_CODES } from './codes/rights';
import { ROLE_CODES } from './codes/roles';
import { RUN_CODES } from './codes/runs';
import { SOURCE_CODES } from './codes/source';
import { STREAM_CODES } from './codes/streams';
import { TABLE_CODES } from './codes/tables';

/**
 * Every code that an error, a refusal or a finding can have. It stays the same between versions: people look it up, and
 * scripts wait for it.
 */
export type Code =
  | keyof typeof ENVIRONMENT_FILE_CODES
  | keyof typeof REACH_CODES
  | keyof typeof RUN_CODES
  | keyof typeof SOURCE_CODES
  | keyof typeof RIGHT_CODES
  | keyof typeof ROLE_CODES
  | keyof typeof CLONE_CODES
  | keyof typeof TABLE_CODES
  | keyof typeof NEW_TABLE_CODES
  | keyof typeof MIGRATION_CODES
  | keyof typeof DDL_CODES
  | keyof typeof STREAM_CODES
  | keyof typeof COST_CODES
  | keyof typeof PULL_REQUEST_CODES
  | keyof typeof LAB_CODES;

/** Each with the one sentence that says what it is about; docs/error-codes.md begins with it. */
export const CODES: Readonly<Record<Code, string>> = {
  ...ENVIRONMENT_FILE_CODES,
  ...REACH_CODES,
  ...RUN_CODES,
  ...SOURCE_CODES,
  ...RIGHT_CODES,
  ...ROLE_CODES,
  ...CLONE_CODES,
  ...TABLE_CODES,
  ...NEW_TABLE_CODES,
  ...MIGRATION_CODES,
  ...DDL_CODES,
  ...STREAM_CODES,
  ...COST_CODES,
  ...PULL_REQUEST_CODES,
  ...LAB_CODES,
};

export const isCode = (text: unknown): text is Code => typeof text === 'string' && Object.hasOwn(CODES, text);
