import type { Lab } from '../lab';
import type { Connect } from '../workload/seed';
import type { Writers } from '../workload/writers';
import type { Narrator } from './narrator';
import type { DemoOptions } from './options';
import type { Toolchain } from './toolchain';

export const ENVIRONMENT = 'demo';
export const SOURCE_STACK = `${ENVIRONMENT}-source`;
export const TARGET_STACK = `${ENVIRONMENT}-target`;

/** A lab with a production cluster in it. */
export interface Stage {
  options: DemoOptions;
  narrator: Narrator;
  lab: Lab;
  tools: Toolchain;
  /** Sessions of the master users. */
  source: Connect;
  target: Connect;
  /** Numbers for the summary, each set by the chapter that measured it. */
  facts: Partial<Facts>;
}

/** What the chapters of the story share once production is busy. */
export interface Demo extends Stage {
  writers: Writers;
}

export interface Facts {
  tables: number;
  rows: number;
  verifiedTables: number;
  equalTables: number;
  transactions: number;
  rowsChanged: number;
  secondsToSync: number;
}
