import { conflict } from './conflict';
import { cut } from './cut';
import type { Fault } from './fault';
import { kill } from './kill';
import { lock } from './lock';
import { login } from './login';
import { lostSlot } from './lost-slot';
import { restore } from './restore';
import { slow } from './slow';

/** By the words that `lab break` and `lab heal` take. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  conflict,
  cut,
  lock,
  login,
  slow,
  restore,
  'lost-slot': lostSlot,
  'kill source': kill('source'),
  'kill clone': kill('clone'),
};
