import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import type { Looking } from '../actions/live';
import { Outbox, type Receiver } from '../events/outbox';
import { webhook } from '../events/webhook';
import { keepSecret } from '../explain/redaction';

export interface ReceiverOptions {
  readonly webhook?: string;
  readonly webhookSecretFile?: string;
  readonly snsTopic?: string;
}

const SHORTEST = 16;
const VARIABLE = 'SQL_RUNNER_WEBHOOK_SECRET';

/** To whom events go, by the options. What only a topic needs is loaded only for one. */
export async function outboxes(
  options: ReceiverOptions,
  { account, targetAccount }: Pick<Looking['source'], 'account' | 'targetAccount'>,
  told: (line: string) => void,
): Promise<Outbox[]> {
  const receivers: Receiver[] = [];
  if (options.webhook !== undefined) receivers.push(webhook(options.webhook, secretOf(options)));
  if (options.snsTopic !== undefined) {
    const { topic } = await import('../events/topic');
    receivers.push(topic(options.snsTopic, [account, targetAccount]));
  }
  return receivers.map((receiver) => new Outbox(receiver, told));
}

/** From a place that no list of processes shows. */
function secretOf({ webhookSecretFile: file }: ReceiverOptions): string {
  const secret = (file === undefined ? (process.env[VARIABLE] ?? '') : read(file)).trim();
  if (secret.length < SHORTEST)
    throw refused(
      `--webhook needs a secret of at least ${SHORTEST} characters in ${file ?? `the environment variable ${VARIABLE}, or in the file that --webhook-secret-file names`}`,
    );
  keepSecret(secret);
  return secret;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw refused(
      `the file of --webhook-secret-file, ${file}, cannot be read: ${(cause as NodeJS.ErrnoException).code}`,
    );
  }
}

/** As what the parser of the command line refuses. */
const refused = (what: string): CommanderError => new CommanderError(1, 'acas.webhookSecret', `error: ${what}`);
