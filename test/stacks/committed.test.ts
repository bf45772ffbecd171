import { readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { listEnvironments } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { stackNames } from '../../contract/naming';
import { synthesizeText } from './synthesized';

const PROJECT = join(__dirname, '../..');
const STACKS = join(PROJECT, 'cdktf.out/stacks');
const environments = listEnvironments(join(PROJECT, 'environments')).map((file) => loadEnvironment(file));

test.each(environments)('the committed JSON of $name is what its environment file says', (environment) => {
  const names = stackNames(environment.name);
  const synthesized = synthesizeText(environment);
  for (const side of ['source', 'target'] as const) {
    const file = join(STACKS, names[side], 'cdk.tf.json');
    if (readFileSync(file, 'utf8').trimEnd() === synthesized[side].trimEnd()) continue;
    throw new Error(
      `cdktf.out/stacks/${names[side]}/cdk.tf.json is stale: run npm run synth, review the difference and commit it.`,
    );
  }
});

test('no folder is left of an environment that is gone', () => {
  const expected = environments.flatMap(({ name }) => Object.values(stackNames(name))).sort();
  const withJson = readdirSync(STACKS).filter((stack) => readdirSync(join(STACKS, stack)).includes('cdk.tf.json'));
  expect(withJson.sort()).toEqual(expected);
});

test.each(environments)(
  'the JSON of $name names no place on this machine, and is the same every time',
  (environment) => {
    const once = synthesizeText(environment);
    const text = once.source + once.target;
    for (const place of [PROJECT, process.cwd(), homedir(), `${tmpdir()}/`]) expect(text).not.toContain(place);
    expect(synthesizeText(environment)).toEqual(once);
  },
);
