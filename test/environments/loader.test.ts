import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile, listEnvironments } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { editedText, errorOf, loadEdited, loadText, placeIn, placeOf, type Edit } from './edited-environment';

const ENVIRONMENTS = join(__dirname, '../../environments');

test('every environment in the repository loads', () => {
  const names = listEnvironments(ENVIRONMENTS).map((file) => loadEnvironment(file).name);
  expect(names).toEqual(['demo', 'example']);
});

test('settings that are left out get their defaults', () => {
  const environment = loadEdited(['    tables: all\n', '']);
  expect(environment.target.clone.instanceCount).toBe(1);
  expect(environment.source.cluster.extraParameters).toEqual({});
  expect(environment.kms).toEqual({});
  expect(environment.databases[0]?.tables).toBeUndefined();
});

test('ENVIRONMENTS_DIR says where the files are', () => {
  process.env['ENVIRONMENTS_DIR'] = '/nowhere at all';
  try {
    expect(errorOf(() => listEnvironments())).toMatchObject({
      code: 'ENVIRONMENT_UNREADABLE',
      seen: expect.stringContaining('/nowhere at all'),
    });
  } finally {
    delete process.env['ENVIRONMENTS_DIR'];
  }
  expect(listEnvironments()).toContain(join(ENVIRONMENTS, 'demo.yaml'));
});

test('an unknown environment suggests the near one', () => {
  expect(environmentFile('demo', ENVIRONMENTS)).toBe(join(ENVIRONMENTS, 'demo.yaml'));
  expect(errorOf(() => environmentFile('demmo', ENVIRONMENTS))).toMatchObject({
    code: 'ENVIRONMENT_UNKNOWN',
    next: 'Did you mean "demo"?',
  });
  expect(errorOf(() => environmentFile('zzzzzzz', ENVIRONMENTS)).next).toContain('demo, example');
});

test('a file that is not there is one clear error', () => {
  expect(errorOf(() => loadEnvironment('/nowhere/x.yaml'))).toMatchObject({ code: 'ENVIRONMENT_UNREADABLE' });
});

test('an empty file is told what belongs there', () => {
  expect(errorOf(() => loadText(''))).toMatchObject({
    code: 'WRONG_TYPE',
    seen: 'The file is empty, but a mapping belongs there.',
  });
});

test('all problems of a file are reported at once, in file order, and a misspelt key only once', () => {
  const edits: Edit[] = [
    ['region: eu', 'regoin: eu'],
    ['mode: invitation', 'mode: x'],
    ['vpc-0a1111111111111a1', 'vpc-1'],
  ];
  const error = errorOf(() => loadEdited(...edits));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'UNKNOWN_KEY',
    place: placeIn(editedText(...edits), '^regoin'),
  });
  const others = [...error.next.matchAll(/Also .*:(\d+:\d+)\n {4}([A-Z_]+)/g)].map(([, place, code]) => ({
    place,
    code,
  }));
  expect(others).toEqual([
    { place: placeIn(editedText(...edits), '^vpc-1'), code: 'BAD_RESOURCE_ID' },
    { place: placeIn(editedText(...edits), 'mode: ^x'), code: 'UNKNOWN_OPTION' },
  ]);
});

test('what several settings share stands once, by anchor, alias and merge key', () => {
  const environment = loadEdited(
    [
      'name: demo\n',
      'x-region: &region eu-west-1\nx-tables:\n  tables: &all all\n  rest: &rest { tables: all }\nname: demo\n',
    ],
    ['region: eu-west-1\nbackend', 'region: *region\nbackend'],
    ['    tables: all\n', '    tables: *all\n'],
    ['    schemas: [public, "Audit"]\n', '    <<: *rest\n'],
  );
  expect(environment.region).toBe('eu-west-1');
  expect(environment.databases).toEqual([
    { name: 'shop', tables: 'all' },
    { name: 'ledger', tables: 'all' },
  ]);
  expect(Object.keys(environment)).not.toContain('x-region');
});

test('what a mapping says itself goes before what it merges', () => {
  const environment = loadEdited(
    [
      'name: demo\n',
      'x-network: &network\n  vpcCidr: 10.99.0.0/16\n  routeTableIds: [rtb-0a1111111111111b1]\nname: demo\n',
    ],
    ['    routeTableIds: [rtb-0a1111111111111b1]\n', '    <<: *network\n'],
  );
  expect(environment.source.network).toMatchObject({
    vpcCidr: '10.10.0.0/16',
    routeTableIds: ['rtb-0a1111111111111b1'],
  });
});

test('a file may end with .yml, but not be there under both endings', () => {
  expect(loadText(editedText(), 'demo.yml').name).toBe('demo');
  expect(errorOf(() => loadText(editedText(), 'other.yml')).next).toContain('demo.yml');
  const directory = mkdtempSync(join(tmpdir(), 'environments '));
  writeFileSync(join(directory, 'demo.yml'), '');
  expect(listEnvironments(directory)).toEqual([join(directory, 'demo.yml')]);
  expect(environmentFile('demo', directory)).toBe(join(directory, 'demo.yml'));
  writeFileSync(join(directory, 'demo.yaml'), '');
  expect(errorOf(() => listEnvironments(directory))).toMatchObject({
    code: 'ENVIRONMENT_TWICE',
    seen: expect.stringContaining('both demo.yaml and demo.yml'),
  });
  rmSync(directory, { recursive: true });
});

test('a file of aliases that multiply is an error, not a full memory', () => {
  const lines = Array.from({ length: 12 }, (_, index) => `x-${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`);
  const error = errorOf(() => loadText(`x-0: &a0 [x]\n${lines.join('\n')}\nname: *a12\n`));
  expect(error).toMatchObject({ code: 'YAML_SYNTAX', seen: expect.stringContaining('alias') });
});
