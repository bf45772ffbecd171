import type { Change } from './change';
import type { Plan } from './plan';

/**
 * Everything the engine has to say. The terminal, the JSON stream and the tests
 * are listeners; the engine itself prints nothing.
 */
export type EngineEvent =
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'change-started'; readonly change: Change; readonly index: number; readonly total: number }
  | {
      readonly type: 'change-finished';
      readonly change: Change;
      readonly index: number;
      readonly total: number;
      readonly seconds: number;
    }
  | { readonly type: 'waiting'; readonly for: string }
  | { readonly type: 'catching-up'; readonly lagBytes: number }
  | {
      readonly type: 'in-sync';
      readonly seconds: number;
      /** Databases whose clone was made before there were heartbeats: no beat of this run could arrive there. */
      readonly unproven: readonly string[];
    }
  | { readonly type: 'interrupted'; readonly remaining: number }
  | {
      readonly type: 'applied';
      readonly created: number;
      readonly updated: number;
      readonly deleted: number;
      /** Of a teardown: no clone was looked at. */
      readonly onlySource?: true;
    };

export type Listener = (event: EngineEvent) => void;
