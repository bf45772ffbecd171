import { ProviderError } from './diagnostics';
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
  const response = await post(settings.endpoint, { ...request, account: settings.account, region });
  const body = await jsonOf(response);
  const { error, attributes } = body as { error?: { summary?: string; detail?: string }; attributes?: unknown };
  if (response.ok && isAnswer(attributes)) return attributes;
  if (typeof error?.summary === 'string') throw new ProviderError(error.summary, error.detail ?? '');
  throw new ProviderError(
    `The lab could not ${request.operation} ${request.type}`,
    `It answered HTTP ${response.status}: ${JSON.stringify(body)}`,
  );
}

const isAnswer = (value: unknown): value is DaemonAnswer =>
  value === null || (typeof value === 'object' && !Array.isArray(value));

async function jsonOf(response: Response): Promise<unknown> {
  const body = await response.text();
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body.slice(0, 500);
  }
}

function post(endpoint: string, body: object): Promise<Response> {
  return reach(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Tells apart "the lab says no" from "there is no lab" before the first resource is looked at. */
export async function assertReachable(endpoint: string): Promise<void> {
  const response = await reach(endpoint, { method: 'GET' });
  await response.body?.cancel();
}

async function reach(endpoint: string, options: RequestInit): Promise<Response> {
  try {
    // fetch waits five minutes for an answer; the longest operation, a clone, is a copy of a local directory.
    return await fetch(`${endpoint}/_lab/terraform`, options);
  } catch (error) {
    const cause = (error as Error).cause as { code?: string; message?: string } | undefined;
    const reason = cause?.code ?? cause?.message ?? (error as Error).message;
    throw new ProviderError(
      'The lab does not answer',
      `No connection to AWS_ENDPOINT_URL=${endpoint} (${reason}). ${START_THE_LAB}`,
    );
  }
}
