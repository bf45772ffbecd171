import { mkdtempSync, rmSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../../environments/files';
import { startLab, type Lab } from '../../../lab/lab';
import { PATIENCE_MS } from '../../support/patience';

export const SOURCE = '111111111111';
export const TARGET = '222222222222';
export const REGION = 'eu-west-1';

/** A directory for labs whose path has a space, as a user's may have. */
export function temporaryHome(): string {
  const home = join(mkdtempSync(join(tmpdir(), 'lab test ')), 'labs');
  // mkdtemp lets nobody else in, but root's servers run as another user.
  chmodSync(join(home, '..'), 0o711);
  return home;
}

export function removeHome(home: string): void {
  rmSync(join(home, '..'), { recursive: true, force: true });
}

export function demoLab(home: string, name = 'test'): Promise<Lab> {
  return startLab({ environmentFile: environmentFile('demo'), home, name });
}

/** Settings of an SDK client that calls as one of the lab's accounts. */
export function clientOf(lab: Lab, account: string) {
  return {
    region: REGION,
    endpoint: lab.env.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: `LAB${account}`, secretAccessKey: 'lab' },
    maxAttempts: 1,
  };
}

/** Asks until the answer satisfies the condition; fails when nobody would wait any longer. */
export async function poll<T>(ask: () => T | Promise<T>, accept: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)} after ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** An operation of the Terraform provider; answers with the attributes, or rejects with the lab's error. */
export function terraformAs(lab: Lab, account: string, region = REGION) {
  return async (
    operation: string,
    type: string,
    config: object | null,
    prior: object | null = null,
  ): Promise<Record<string, unknown>> => {
    const body = JSON.stringify({ operation, type, account, region, config, prior });
    const response = await fetch(`${lab.env.AWS_ENDPOINT_URL}/_lab/terraform`, { method: 'POST', body });
    const answer = (await response.json()) as {
      attributes: Record<string, unknown>;
      error?: { summary: string; detail: string };
    };
    if (answer.error !== undefined) throw new Error(`${answer.error.summary} ${answer.error.detail}`);
    return answer.attributes;
  };
}
