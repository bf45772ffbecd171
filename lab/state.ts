import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './aws/world';

/** What a running lab writes down for the commands that come later. */
export interface LabState {
  readonly version: 1;
  readonly name: string;
  readonly environment: string;
  readonly environmentFile: string;
  readonly daemonPid: number;
  readonly port: number;
  readonly startedAt: string;
  readonly sourceAccount: string;
  readonly targetAccount: string;
  readonly sourceIdentifier: string;
  readonly cloneIdentifier: string;
  readonly caFile: string;
  /** Variables for those who work with the lab. An empty one must be unset. */
  readonly env: Record<string, string>;
  readonly world: World;
}

function stateFile(directory: string): string {
  return join(directory, 'state.json');
}

/** The state, or undefined when the lab has not got that far. */
export function readState(directory: string): LabState | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(directory), 'utf8')) as LabState;
  } catch {
    return undefined;
  }
}

/** Returns a function that writes the state whenever it has changed, and says whether. The file holds passwords. */
export function stateWriter(directory: string, state: LabState): () => boolean {
  let written = '';
  return () => {
    const text = JSON.stringify(state, null, 1);
    if (text === written) return false;
    const temporary = `${stateFile(directory)}.new`;
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, stateFile(directory));
    written = text;
    return true;
  };
}
