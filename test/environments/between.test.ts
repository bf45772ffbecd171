import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../../environments/loader';
import { describeOperatorError } from '../../errors/operator-error';
import { editedText, errorOf, placeIn, placeOf, type Edit } from './edited-environment';

/** Two files that cannot both be deployed: the later one is refused, with the places in both. */

/** demo.yaml, and beside it one more that has everything of its own but the source cluster. */
const OWN: readonly Edit[] = [
  ['name: demo', 'name: other'],
  ['"222222222222"', '"333333333333"'],
  ['iam::222222222222', 'iam::333333333333'],
  ['demo-clone', 'other-clone'],
  ['vpc-0b2222222222222a2', 'vpc-0b3333333333333a3'],
  ['10.20.0.0/16', '10.30.0.0/16'],
  ['rtb-0b2222222222222b2', 'rtb-0b3333333333333b3'],
];
/** The same, but in a source account of its own. */
const APART: readonly Edit[] = [
  ['name: demo', 'name: other'],
  ['"111111111111"', '"444444444444"'],
  ['iam::111111111111', 'iam::444444444444'],
  ['vpc-0a1111111111111a1', 'vpc-0a4444444444444a4'],
  ['rtb-0a1111111111111b1', 'rtb-0a4444444444444b4'],
];

function load(other: string, first: string = editedText()): ReturnType<typeof loadEnvironments> {
  const directory = mkdtempSync(join(tmpdir(), 'environments '));
  process.env['ENVIRONMENTS_DIR'] = directory;
  try {
    writeFileSync(join(directory, 'demo.yaml'), first);
    writeFileSync(join(directory, 'other.yaml'), other);
    return loadEnvironments();
  } finally {
    delete process.env['ENVIRONMENTS_DIR'];
    rmSync(directory, { recursive: true });
  }
}

/** `own`: what the second file has for itself, less what it must not have. */
const less = (edits: readonly Edit[], ...without: string[]): Edit[] =>
  edits.filter(([from]) => !without.includes(from));

test('two environments on one source, each with an account and addresses of its own', () => {
  expect(load(editedText(...OWN)).map(({ name }) => name)).toEqual(['demo', 'other']);
});

const MODE: Edit = ['    identifier: demo-production', '    mode: adopt\n    identifier: demo-production'];

test('a production cluster is in one state at most', () => {
  expect(load(editedText(...OWN), editedText(MODE))).toHaveLength(2);
  const error = errorOf(() => load(editedText(...OWN, MODE), editedText(MODE)));
  expect(error.code).toBe('CLUSTER_OWNED_TWICE');
  expect(placeOf(error)).toBe(placeIn(editedText(...OWN, MODE), 'mode: ^adopt'));
  expect(describeOperatorError(error)).toMatch(/demo-production is in the state of demo already[^]*mode: existing/);
});

test('one parameter group, of the stack in one file and of its owner in the other', () => {
  const text = editedText(...OWN, ['\ntarget:\n', '\n  manage: { parameterGroup: owner }\n\ntarget:\n']);
  const error = errorOf(() => load(text));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'SOURCE_DESCRIBED_OTHERWISE',
    place: placeIn(text, 'parameterGroup: ^owner'),
  });
});

test('two environments that each name the group of the other as the one of before', () => {
  const group = (name: string): Edit => ['default.aurora-postgresql17', `acas-${name}-source-pg17`];
  const [first, second] = [editedText(group('other')), editedText(...OWN, group('demo'))];
  const error = errorOf(() => load(second, first));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'SOURCE_DESCRIBED_OTHERWISE',
    place: placeIn(second, 'parameterGroup: ^acas-demo-source-pg17'),
  });
  expect(describeOperatorError(error)).toMatch(/which demo makes[^]*the group that the cluster had before either/);
  // One of them may: it came later.
  expect(load(second)).toHaveLength(2);
  expect(load(editedText(...OWN), first)).toHaveLength(2);
});

const ROLE: Edit = ['replication:\n', 'replication:\n  role: follower\n'];

test.each([
  ['one target account', 'CLONE_TWICE', less(OWN, '"222222222222"', 'iam::222222222222'), '^"222222222222"'],
  [
    'one name of two clones',
    'CLONE_NAME_TAKEN',
    [...less(APART), ['10.10.0.0/16', '10.40.0.0/16'], ...less(OWN.slice(4))] as Edit[],
    '^demo-clone',
  ],
  ['the same two VPCs', 'PEERING_TWICE', less(OWN, 'vpc-0b2222222222222a2', '10.20.0.0/16'), '^vpc-0b2222222222222a2'],
  ['the same addresses', 'ROUTE_TAKEN', less(OWN, '10.20.0.0/16'), '^rtb-0a1111111111111b1'],
  [
    'a part of them',
    'ROUTE_TAKEN',
    [...less(OWN, '10.20.0.0/16'), ['10.20.0.0/16', '10.20.128.0/17']] as Edit[],
    '^rtb-0a1111111111111b1',
  ],
  [
    'the same way back, in the target',
    'ROUTE_TAKEN',
    [...APART, ['demo-clone', 'other-clone'], ['10.20.0.0/16', '10.30.0.0/16']] as Edit[],
    '^rtb-0b2222222222222b2',
  ],
] as const)('%s is %s', (_, code, edits, place) => {
  const text = editedText(...edits);
  const error = errorOf(() => load(text));
  expect({ code: error.code, place: placeOf(error) }).toEqual({ code, place: placeIn(text, place) });
  const former = placeIn(editedText(), place);
  expect(describeOperatorError(error)).toMatch(new RegExp(`demo\\.yaml:${former}`));
  expect(error.next).not.toContain('\n  Also ');
});

/** The same two VPCs, and everything else its own. */
const SAME_VPCS = less(OWN, 'vpc-0b2222222222222a2', '10.20.0.0/16');
const way = (...settings: string[]): Edit => ['sharing:\n', `network: { ${settings.join(', ')} }\nsharing:\n`];
const KNOWN = way('peeringConnectionId: pcx-0c3333333333333d1');

test.each([
  ['the peering of the first is there for the second', [way('mode: existing')], []],
  ['neither makes anything of the way', [way('mode: existing')], [way('mode: existing')]],
] as const)('%s', (_, second, first) => {
  expect(load(editedText(...SAME_VPCS, ...second), editedText(...first))).toHaveLength(2);
});

test('one peering of others, and two stacks that make the same routes over it', () => {
  const text = editedText(...SAME_VPCS, KNOWN);
  const error = errorOf(() => load(text, editedText(KNOWN)));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'ROUTE_TAKEN',
    place: placeIn(text, '^rtb-0a1111111111111b1'),
  });
  expect(describeOperatorError(error)).toMatch(/the second deploy would fail[^]*network\.mode: existing/);
  expect(error.next).not.toContain('\n  Also ');
});

const RULES: Edit = ['\ntarget:\n', '\n  manage: { securityGroupRules: stack }\n\ntarget:\n'];

test.each([
  ['the second', [way('mode: existing'), RULES], []],
  ['the first', [], [way('mode: existing'), RULES]],
] as [string, Edit[], Edit[]][])('one way that %s only goes, and both make the same rule', (_, second, first) => {
  const text = editedText(...SAME_VPCS, ...second);
  const error = errorOf(() => load(text, editedText(...first)));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'RULE_TAKEN',
    place: placeIn(text, '^sg-0a1111111111111c1'),
  });
  expect(error.seen).toContain(`demo.yaml:${placeIn(editedText(...first), '^sg-0a1111111111111c1')}`);
  const mended = [...second.filter((edit) => edit !== RULES), [RULES[0], RULES[1].replace('stack', 'owner')] as Edit];
  expect(load(editedText(...SAME_VPCS, ...mended), editedText(...first))).toHaveLength(2);
});

test('the second block of one VPC is the first of another', () => {
  const text = editedText(...OWN, ['10.30.0.0/16', '10.30.0.0/16\n    secondaryCidrs: [10.20.64.0/18]']);
  const error = errorOf(() => load(text));
  expect(error.code).toBe('ROUTE_TAKEN');
  expect(error.seen).toContain('a route to 10.20.0.0/16 from demo and one to 10.20.64.0/18 from here');
});

test('one role for both is ROLE_TAKEN', () => {
  const text = editedText(...OWN, ROLE);
  const error = errorOf(() => load(text, editedText(ROLE)));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'ROLE_TAKEN',
    place: placeIn(text, '^follower'),
  });
  expect(error.seen).toContain(`demo.yaml:${placeIn(editedText(ROLE), '^follower')}`);
});

test.each([
  [
    'another version',
    [
      ['majorVersion: 17', 'majorVersion: 16'],
      ['postgresql17', 'postgresql16'],
    ],
    '^16',
    /version 17/,
  ],
  [
    'other parameters',
    [['majorVersion: 17', 'majorVersion: 17\n    extraParameters: { work_mem: 8192 }']],
    '^{ work_mem',
    /work_mem/,
  ],
] as [string, Edit[], string, RegExp][])('%s of one cluster is SOURCE_DESCRIBED_OTHERWISE', (_, edits, place, seen) => {
  const text = editedText(...OWN, ...edits);
  const error = errorOf(() => load(text));
  expect({ code: error.code, place: placeOf(error) }).toEqual({
    code: 'SOURCE_DESCRIBED_OTHERWISE',
    place: placeIn(text, place),
  });
  expect(error.seen).toMatch(seen);
  expect(error.seen).toContain('demo.yaml:');
});

test('in two Regions both may have the same of everything but the name', () => {
  const other: Edit[] = [
    ['name: demo', 'name: other'],
    ['region: eu-west-1', 'region: eu-west-2'],
  ];
  expect(load(editedText(...other))).toHaveLength(2);
});
