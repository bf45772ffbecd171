import * as rds from '@aws-sdk/client-rds';
import * as ssm from '@aws-sdk/client-ssm';

/**
 * A command line of `aws` as a call of the SDK, word by word: both are made from
 * the same description of the service, `reboot-db-instance` is RebootDBInstance,
 * `--db-instance-identifier` its DBInstanceIdentifier.
 *
 * @param words without `aws`: `rds`, `reboot-db-instance`, `--db-instance-identifier`, `x`
 * @throws Error when the SDK has no such operation, or the service refuses it
 */
export async function awsCommand(words: readonly string[], config: object): Promise<object> {
  const [service, ...rest] = words;
  const [waits, verb, ...options] = rest[0] === 'wait' ? [true, ...rest.slice(1)] : [false, ...rest];
  const { client, operations } = serviceOf(service!, config);
  const input = inputOf(options);
  const name = pascal(String(verb));
  const wait = operations[`waitUntil${name}`] as ((...all: object[]) => Promise<object>) | undefined;
  if (waits && wait !== undefined) return wait({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, input);
  const command = operations[`${name}Command`] as (new (input: object) => never) | undefined;
  if (waits || command === undefined) throw new Error(`aws ${words.join(' ')}: the SDK has no ${name}`);
  return (client as { send(command: never): Promise<object> }).send(new command(input));
}

/** An option that no value follows is a switch, which is on. */
function inputOf(options: readonly string[]): Record<string, string | boolean> {
  const isOption = (word: string | undefined) => word === undefined || word.startsWith('--');
  const named = options.flatMap((word, at): [string, string | boolean][] => {
    if (!isOption(word)) return [];
    const value = options[at + 1];
    return [[pascal(word.slice(2)), value === undefined || isOption(value) ? true : value]];
  });
  return Object.fromEntries(named);
}

function serviceOf(service: string, config: object): { client: object; operations: Readonly<Record<string, unknown>> } {
  if (service === 'rds') return { client: new rds.RDSClient(config), operations: rds };
  if (service === 'ssm') return { client: new ssm.SSMClient(config), operations: ssm };
  throw new Error(`aws ${service} is not printed by anything`);
}

function pascal(words: string): string {
  const named = words.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return named.join('').replace(/^Db|(?<=[a-z])Db(?=[A-Z])/, 'DB');
}
