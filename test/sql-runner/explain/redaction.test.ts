import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describeOperatorError, OperatorError } from '../../../errors/operator-error';
import { callAws } from '../../../sql-runner/aws/aws-errors';
import { readLogin, writeLogin } from '../../../sql-runner/aws/secrets';
import type { AccountClients } from '../../../sql-runner/aws/clients';
import { jsonDocument, jsonLine } from '../../../sql-runner/commands/machine-output';
import { outputFor } from '../../../sql-runner/commands/settings';
import type { Change, Finding } from '../../../sql-runner/model/change';
import { execute } from '../../../sql-runner/execute/execute';
import type { Execution } from '../../../sql-runner/execute/execution';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { writePlanFile } from '../../../sql-runner/actions/plan-file';
import { subscriptionConninfo } from '../../../sql-runner/connections/subscription-conninfo';
import { explain } from '../../../sql-runner/explain/explain';
import { connectError, connectionLost } from '../../../sql-runner/postgres/connect-errors';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { keepSecret, redact, REDACTED, redactError } from '../../../sql-runner/explain/redaction';
import { diagnosisText } from '../../../sql-runner/render/doctor-text';
import { planText } from '../../../sql-runner/render/plan-text';
import { planJson, runJson } from '../../../sql-runner/render/run-json';
import { runText } from '../../../sql-runner/render/run-text';
import { styleFor } from '../../../sql-runner/render/style';
import { sourceContract } from '../support/contract';
import { cloned, untouched } from '../support/observations';

const contract = sourceContract();
const ADDRESS = { side: 'source', host: 'h', port: 1, user: 'u', database: 'd' } as const;

/** Whatever people and generators choose: quotes, backslashes, regex and replacement patterns, URLs, other scripts. */
const hostile = fc.constantFrom(
  `'`,
  `"`,
  '\\',
  '$&',
  '$1',
  '%27',
  '%',
  ' ',
  '\n',
  '\t',
  '.*',
  '(',
  '[^',
  'ß',
  '密',
  '🔑',
  '{}',
);
const piece = fc.oneof({ weight: 3, arbitrary: hostile }, fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' }));
const secrets = fc
  .array(piece, { minLength: 4, maxLength: 12 })
  .map((pieces) => pieces.join(''))
  // What is part of the text that takes its place tells nothing.
  .filter((text) => text.length >= 8 && !text.includes('\0') && !overlaps(text));

function overlaps(secret: string): boolean {
  return [...REDACTED].some(
    (_, cut) => secret.startsWith(REDACTED.slice(cut)) || secret.endsWith(REDACTED.slice(0, cut + 1)),
  );
}

/** Every way in which a program or a server might word a secret. */
function wordings(secret: string): string[] {
  const conninfo = subscriptionConninfo(contract, { username: 'acas_demo', password: secret }, 'shop');
  return [
    secret,
    `it's ${secret} here`,
    conninfo,
    `CREATE SUBSCRIPTION s CONNECTION ${quoteLiteral(conninfo)}`,
    JSON.stringify({ password: secret, conninfo }),
    `options: ${secret.replace(/[\\\s]/g, '\\$&')}`,
    `postgres://u:${encodeURIComponent(secret)}@h/d`,
    `PASSWORD '${secret.replace(/'/g, "''")}'`,
    `PASSWORD ${quoteLiteral(secret)}`,
  ];
}

/** What someone who reads the text could find: the secret as it is, or decoded. */
function finds(text: string, secret: string): boolean {
  const shapes = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), secret.replace(/'/g, "''")];
  const unescaped = [text, text.replace(/\\(.)/gs, '$1'), text.replace(/''/g, "'")];
  return shapes.some((shape) => text.includes(shape)) || unescaped.some((readable) => readable.includes(secret));
}

function expectNoSecret(text: string, secret: string): void {
  if (finds(text, secret)) throw new Error(`${JSON.stringify(secret)} shows in: ${text}`);
}

const property = (check: (secret: string, wording: string) => Promise<void> | void) =>
  fc.assert(
    fc.asyncProperty(secrets, fc.nat(8), async (secret, index) => {
      await check(secret, wordings(secret)[index]!);
    }),
    { numRuns: 80 },
  );

const serverError = (message: string, facts: object = {}) =>
  Object.assign(new Error(message), { severity: 'ERROR', code: '08006', ...facts });

const all = (error: OperatorError): string =>
  [describeOperatorError(error), JSON.stringify(error), error.message, error.stack, inspect(error, { depth: 9 })].join(
    '\n',
  );

test('a secret is found in whatever form it appears, and everything else stays', () =>
  property((secret, wording) => {
    keepSecret(secret);
    expectNoSecret(redact(wording), secret);
    expect(redact('nothing of the kind')).toBe('nothing of the kind');
  }));

test('errors of connections: what driver and server say is shown without the secret', () =>
  property((secret, wording) => {
    keepSecret(secret);
    for (const cause of [
      serverError(wording),
      Object.assign(new Error(wording), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
    ])
      for (const error of [connectError(ADDRESS, cause), connectionLost(ADDRESS, cause), cause])
        expectNoSecret(all(explain(error)), secret);
  }));

test('errors of changes, their hints included', () =>
  property(async (secret, wording) => {
    keepSecret(secret);
    const refuse = () => Promise.reject(serverError(wording, { hint: wording, detail: wording, where: wording }));
    const session = { transaction: refuse, query: refuse };
    const execution = { writer: () => Promise.resolve(session) } as unknown as Execution;
    const change = { ...planApply(contract, untouched(contract)).changes.find((one) => one.operation.kind === 'sql')! };
    const failed = await execute(change, execution).catch((cause: unknown) => cause);
    expect(failed).toMatchObject({ code: 'CHANGE_FAILED' });
    expectNoSecret(all(explain(failed)), secret);
  }));

test('errors of AWS, and defects of ours', () =>
  property(async (secret, wording) => {
    keepSecret(secret);
    const denied = await callAws('rds:X', '1', () => Promise.reject(new Error(wording))).catch(
      (cause: unknown) => cause,
    );
    for (const thrown of [denied, new Error(wording), new TypeError('x', { cause: new Error(wording) }), wording])
      expectNoSecret(all(explain(thrown)), secret);
    const named = new OperatorError({
      code: 'LOCK_HELD',
      seen: wording,
      why: wording,
      next: wording,
      location: wording,
      cause: new Error(wording),
    });
    expectNoSecret(all(redactError(named)), secret);
  }));

describe('what the commands print', () => {
  let printed = '';
  beforeEach(() => {
    printed = '';
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation((text) => ((printed += String(text)), true));
  });
  afterEach(() => jest.restoreAllMocks());

  test('plans, events, findings and status, as text and as JSON', () =>
    property((secret, wording) => {
      keepSecret(secret);
      printed = '';
      const finding: Finding = { code: 'LOCK_HELD', severity: 'warn', seen: wording, why: wording, next: wording };
      const plan = planApply(contract, cloned(contract));
      const change: Change = { ...plan.changes[0]!, reason: wording, preview: [wording] };
      const told = { ...plan, changes: [change], findings: [finding] };
      const diagnosis = {
        environment: 'demo',
        results: [{ code: 'LOCK_HELD', side: 'both', status: 'warn', holds: wording, findings: [finding] }],
        looked: null,
        connected: true,
      } as const;
      for (const json of [true, false]) {
        const output = outputFor({ json, color: false, outputs: [], stacksDir: '' });
        const style = styleFor(process.stdout, true);
        const listener = json ? runJson((event) => output.out(jsonLine(event))) : runText(output.out, style);
        listener({ type: 'planned', plan: told });
        listener({ type: 'waiting', for: wording });
        listener({ type: 'change-finished', change, index: 0, total: 1, seconds: 1 });
        output.out(json ? jsonDocument(planJson(told)) : planText(told, style));
        output.log(json ? jsonDocument(diagnosis) : diagnosisText(diagnosis, style));
      }
      expect(printed.length).toBeGreaterThan(500);
      expectNoSecret(printed, secret);
    }));

  test('the stack that is asked for', () =>
    property((secret, wording) => {
      keepSecret(secret);
      printed = '';
      process.env.SQL_RUNNER_DEBUG = '1';
      explain(new Error(wording));
      delete process.env.SQL_RUNNER_DEBUG;
      expect(printed).toContain('Error');
      expectNoSecret(printed, secret);
    }));
});

test('every login that is read from or written to a secret is known from then on', () =>
  property(async (password) => {
    const clients = {
      accountId: '1',
      secrets: { send: async () => ({ SecretString: JSON.stringify({ username: 'u', password }), VersionId: 'v' }) },
    } as unknown as AccountClients;
    expect((await readLogin(clients, 'arn'))!.password).toBe(password);
    expectNoSecret(redact(`refused: ${password}`), password);
    const generated = `${password}+`;
    await writeLogin(clients, 'arn', { username: 'u', password: generated }, 'v'.repeat(32));
    expectNoSecret(redact(`refused: ${generated}`), generated);
  }));

describe('saved plans', () => {
  let directory: string;
  beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'redaction '))));
  afterAll(() => rm(directory, { recursive: true }));

  test('hold no secret: one that got into the text keeps the file from being written', async () => {
    const plan = planApply(contract, cloned(contract));
    await fc.assert(
      fc.asyncProperty(secrets, fc.nat(1_000_000), async (secret, n) => {
        keepSecret(secret);
        const file = join(directory, `${n}.json`);
        const leaking = {
          ...plan,
          changes: [{ ...plan.changes[0]!, preview: [`CONNECTION ${quoteLiteral(secret)}`] }],
        };
        await expect(writePlanFile(file, leaking)).rejects.toMatchObject({ code: 'PLAN_HOLDS_SECRET' });
        await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
      }),
      { numRuns: 30 },
    );
  });
});

test('what is shorter than any password of RDS is not crossed out: it would be found in every word', () => {
  keepSecret('shop');
  expect(redact('database shop')).toBe('database shop');
});
