import type { RequestOptions } from 'node:http';

import { ProviderError } from './diagnostics';
import { type Answer, isOk, request as call } from './request';
import { START_THE_LAB, type ProviderSettings } from './settings';

export interface DaemonRequest {
  readonly operation: 'create' | 'read' | 'update' | 'delete' | 'data';
  readonly type: string;
  /** Known values of the planned state (create, update) or of the data source's arguments. */
  readonly config: unknown;
  /** The stored state (read, update, delete). */
  readonly prior: unknown;
}

/** Attributes by name; null when the resource is gone. */
export type DaemonAnswer = Readonly<Record<string, unknown>> | null;

/** One call to the lab's AWS, in the provider's account. Throws ProviderError when it refuses or cannot be reached. */
export async function callDaemon(
  settings: ProviderSettings,
  region: string,
  request: DaemonRequest,
): Promise<DaemonAnswer> {
  const answer = await post(settings.endpoint, { ...request, account: settings.account, region });
  const body = jsonOf(answer.body);
  const { error, attributes } = body as { error?: { summary?: string; detail?: string }; attributes?: unknown };
  if (isOk(answer) && isAnswer(attributes)) return attributes;
  if (typeof error?.summary === 'string') throw new ProviderError(error.summary, error.detail ?? '');
  throw new ProviderError(
    `The lab could not ${request.operation} ${request.type}`,
    `It answered HTTP ${answer.status}: ${JSON.stringify(body)}`,
  );
}

const isAnswer = (value: unknown): value is DaemonAnswer =>
  value === null || (typeof value === 'object' && !Array.isArray(value));

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body.slice(0, 500);
  }
}

const post = (endpoint: string, body: object): Promise<Answer> =>
  reach(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' } }, JSON.stringify(body));

/** Tells apart "the lab says no" from "there is no lab" before the first resource is looked at. */
export async function assertReachable(endpoint: string): Promise<void> {
  await reach(endpoint, { method: 'GET' });
}

async function reach(endpoint: string, options: RequestOptions, body?: string): Promise<Answer> {
  try {
    return await call(`${endpoint}/_lab/terraform`, options, body);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ProviderError(
      'The lab does not answer',
      `No connection to AWS_ENDPOINT_URL=${endpoint} (${code ?? message}). ${START_THE_LAB}`,
    );
  }
}
