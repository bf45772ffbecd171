import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperatorError } from '../../../errors/operator-error';
import { OUTPUTS_VARIABLE, readContracts } from '../../../sql-runner/inputs/contracts';
import { sourceContract, targetContract } from '../support/contract';

let directory: string;
const terraform = process.env.TERRAFORM_BINARY_NAME;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'sql runner inputs '))));
afterEach(async () => {
  await rm(directory, { recursive: true });
  if (terraform === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = terraform;
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A program that answers like terraform in a stack's folder. */
async function fakeTerraform(script: string): Promise<void> {
  const path = join(directory, 'terraform');
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  process.env.TERRAFORM_BINARY_NAME = path;
}

const inputs = (outputs: string[] = []) => ({ environment: 'demo', stacksDir: join(directory, 'stacks'), outputs });

test('both contracts, from a file each', async () => {
  const outputs = [
    await file('s.json', { contract: { value: sourceContract() } }),
    await file('t.json', { contract: { value: targetContract() } }),
  ];
  expect(await readContracts(inputs(outputs))).toEqual({ source: sourceContract(), target: targetContract() });
});

test('before the target stack is deployed there is no target', async () => {
  expect(await readContracts(inputs([await file('s.json', sourceContract())]))).toEqual({
    source: sourceContract(),
    target: null,
  });
});

test('contracts of another environment do not count, and are named', async () => {
  const other = await file('o.json', sourceContract(['shop'], { environment: 'staging' }));
  await expect(readContracts(inputs([other]))).rejects.toMatchObject({
    code: 'ENVIRONMENT_UNKNOWN',
    seen: expect.stringContaining('there are the environments staging'),
  });
});

test.each([
  ['another environment', targetContract({ environment: 'staging' }), 'environment is "staging", and "demo"'],
  ['another Region', targetContract({ region: 'us-east-1' }), 'region is "us-east-1", and "eu-west-1"'],
])('a target of %s is refused, not taken for one that is not deployed', async (_, target, seen) => {
  const outputs = [await file('s.json', sourceContract()), await file('t.json', target)];
  await expect(readContracts(inputs(outputs))).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    seen: expect.stringContaining(seen),
  });
});

test('a document of all environments has other targets too', async () => {
  const staging = { environment: 'staging' };
  const all = await file('all.json', {
    'demo-source': { contract: sourceContract() },
    'staging-source': { contract: sourceContract(['shop'], staging) },
    'staging-target': { contract: targetContract(staging) },
  });
  expect(await readContracts(inputs([all]))).toEqual({ source: sourceContract(), target: null });
});

test('the same contract in two files is one, and two that differ are refused', async () => {
  const outputs = [await file('s.json', sourceContract()), await file('again.json', sourceContract())];
  expect((await readContracts(inputs(outputs))).source).toEqual(sourceContract());
  const older = await file('older.json', sourceContract(['shop']));
  await expect(readContracts(inputs([...outputs, older]))).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    seen: '3 contracts of the source of demo were handed over, and they differ',
  });
});

test('nothing synthesised, nothing deployed', async () => {
  await expect(readContracts(inputs())).rejects.toMatchObject({
    code: 'SOURCE_NOT_DEPLOYED',
    next: 'cdktf deploy demo-source',
  });
});

describe('an environment that is not among the stacks', () => {
  const read = async (environment: string, stacks: string[]) => {
    const stacksDir = join(directory, 'stacks');
    await rm(stacksDir, { recursive: true, force: true });
    for (const stack of stacks) await mkdir(join(stacksDir, stack), { recursive: true });
    return readContracts({ environment, stacksDir, outputs: [] }).catch((error: unknown) => error);
  };
  const DEMO = ['demo-source', 'demo-target', 'example-source'];

  test.each([
    [
      'dmeo',
      'there is no stack dmeo-source',
      'if demo is meant, say demo; if it is a new one: cdktf deploy dmeo-source',
    ],
    [
      'reporting',
      'there is no stack reporting-source',
      'if it is a new one: cdktf deploy reporting-source; if its file',
    ],
    ['reporting', 'there is no stack', 'if its file was removed or renamed, put it back as reporting.yaml and run npm'],
    ['DEMO', '"DEMO" is not a name for an environment', 'if demo is meant, say demo'],
    ['', '"" is not a name', 'say the name of an environment, which is that of its file without .yaml'],
    ['../../etc/passwd', '"../../etc/passwd" is not a name', 'say the name of an environment'],
  ])('%j: the names that there are, and no deploy of what cannot be', async (environment, seen, next) => {
    const error = await read(environment, DEMO);
    expect(error).toMatchObject({ code: 'ENVIRONMENT_UNKNOWN', next: expect.stringContaining(next) });
    expect(error).toMatchObject({ seen: expect.stringMatching(/; there are the environments demo, example$/) });
    expect((error as OperatorError).seen).toContain(seen);
    if (!seen.startsWith('there')) expect((error as OperatorError).next).not.toContain('deploy');
  });

  test('one that is there and has no outputs: to be deployed, or in another workspace', async () => {
    await fakeTerraform('echo {}');
    expect(await read('demo', DEMO)).toMatchObject({ code: 'SOURCE_NOT_DEPLOYED', next: 'cdktf deploy demo-source' });
    process.env.TF_WORKSPACE = 'blue';
    try {
      expect(await read('demo', [])).toMatchObject({
        code: 'SOURCE_NOT_DEPLOYED',
        seen: expect.stringContaining('in workspace blue, which TF_WORKSPACE names'),
        next: 'if it was deployed without TF_WORKSPACE, unset that; else deploy it there',
      });
    } finally {
      delete process.env.TF_WORKSPACE;
    }
  });
});

test.each([
  ['absent', null],
  ['no JSON', '{'],
])('a file that is %s', async (_, content) => {
  const path = content === null ? join(directory, 'absent.json') : await file('broken.json', content);
  await expect(readContracts(inputs([path]))).rejects.toMatchObject({
    code: 'OUTPUTS_UNREADABLE',
    seen: expect.stringContaining(path),
  });
});

describe('from the variable', () => {
  afterEach(() => delete process.env[OUTPUTS_VARIABLE]);

  test('both contracts, where there is neither a file nor terraform', async () => {
    process.env.TERRAFORM_BINARY_NAME = '/nonexistent/terraform';
    process.env[OUTPUTS_VARIABLE] = JSON.stringify({ source: sourceContract(), target: targetContract() });
    expect(await readContracts(inputs())).toEqual({ source: sourceContract(), target: targetContract() });
  });

  test('a file comes first', async () => {
    process.env[OUTPUTS_VARIABLE] = '{';
    const { target } = await readContracts(inputs([await file('s.json', sourceContract())]));
    expect(target).toBeNull();
  });

  test('empty is as good as none', async () => {
    process.env[OUTPUTS_VARIABLE] = '';
    await expect(readContracts(inputs())).rejects.toMatchObject({ code: 'SOURCE_NOT_DEPLOYED' });
  });

  test.each([
    ['{', 'OUTPUTS_UNREADABLE', /^SQL_RUNNER_OUTPUTS cannot be read as JSON/],
    [JSON.stringify(sourceContract(['shop'], { environment: 'staging' })), 'ENVIRONMENT_UNKNOWN', /SQL_RUNNER_OUTPUTS/],
    [JSON.stringify({ ...sourceContract(), version: 99 }), 'CONTRACT_INVALID', /of SQL_RUNNER_OUTPUTS is not one/],
  ])('what is wrong in %.20s names the variable', async (text, code, seen) => {
    process.env[OUTPUTS_VARIABLE] = text;
    await expect(readContracts(inputs())).rejects.toMatchObject({ code, seen: expect.stringMatching(seen) });
  });
});

test('without terraform, it says how to go on', async () => {
  process.env.TERRAFORM_BINARY_NAME = '/nonexistent/terraform';
  await mkdir(join(directory, 'stacks', 'demo-source'), { recursive: true });
  await expect(readContracts(inputs())).rejects.toMatchObject({
    code: 'TERRAFORM_MISSING',
    seen: expect.stringContaining('/nonexistent/terraform'),
    next: expect.stringContaining('--outputs'),
  });
});

test('terraform is asked in the folder of each stack', async () => {
  for (const [side, contract] of [
    ['source', sourceContract()],
    ['target', targetContract()],
  ] as const) {
    await mkdir(join(directory, 'stacks', `demo-${side}`), { recursive: true });
    await file(`stacks/demo-${side}/answer.json`, { contract: { value: contract } });
  }
  await fakeTerraform('test "$1 $2" = "output -json" && cat answer.json');
  expect(await readContracts(inputs())).toEqual({ source: sourceContract(), target: targetContract() });
});

test('a folder that was never initialised is initialised first', async () => {
  await mkdir(join(directory, 'stacks', 'demo-source'), { recursive: true });
  await file('stacks/demo-source/answer.json', { contract: { value: sourceContract() } });
  await fakeTerraform(
    'if [ "$1" = init ]; then touch ready; elif [ -e ready ]; then cat answer.json; else echo "Error: please run terraform init" >&2; exit 1; fi',
  );
  expect(await readContracts(inputs())).toEqual({ source: sourceContract(), target: null });
});

test('what terraform says about a failure is passed on', async () => {
  await mkdir(join(directory, 'stacks', 'demo-source'), { recursive: true });
  await fakeTerraform('echo "Error: state is locked" >&2; exit 1');
  await expect(readContracts(inputs())).rejects.toMatchObject({
    code: 'TERRAFORM_OUTPUT_FAILED',
    seen: expect.stringContaining('state is locked'),
  });
});
