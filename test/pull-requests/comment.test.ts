import { comment, LONGEST_COMMENT, MARK, type StackOutcome } from '../../pull-requests/comment';
import { parsePlan, type ResourceChange } from '../../pull-requests/plan-json';
import { summarize } from '../../pull-requests/plan-summary';

interface Changed extends Partial<ResourceChange['change']> {
  readonly address: string;
  readonly reason?: string;
  readonly former?: string;
}

function planned(stack: string, changes: readonly Changed[], more: object = {}): StackOutcome {
  const resource_changes = changes.map(({ address, reason, former, ...change }) => ({
    address,
    type: address.split('.')[0],
    action_reason: reason,
    previous_address: former,
    change: { actions: ['no-op'], ...change },
  }));
  const text = JSON.stringify({ format_version: '1.2', resource_changes, ...more });
  return { stack, kind: 'planned', summary: summarize(parsePlan(stack, text)) };
}
const CLONE = 'aws_rds_cluster.clone_cluster';
const REPLACED = { address: CLONE, actions: ['delete', 'create'], reason: 'replace_by_triggers' };

test('the clone that is replaced is said first and loud, before what happens to production', () => {
  const text = comment({
    outcomes: [
      planned('a-source', [{ address: 'aws_route.r', actions: ['delete'] }]),
      planned('a-target', [{ address: 'aws_route.t', actions: ['create'] }, REPLACED]),
    ],
  });
  const places = [
    '> [!CAUTION]',
    'a-target: THE CLONE IS REPLACED',
    'aws_route.r, a part of the way between production and the clone, is deleted in the account of production',
    '| Stack',
  ];
  const found = places.map((place) => text.indexOf(place));
  expect(found).toEqual([...found].sort((one, other) => one - other));
  expect(found.every((place) => place > 0)).toBe(true);
  expect(text.startsWith(MARK)).toBe(true);
  expect(text).toContain('| a-target | changes | 1 | 0 | 1 | 0 | 0 |');
  expect(text).toContain('(tied to something that changes)');
  expect(text).toContain('a-target is planned with what a-source puts out now.');
});

test.each([
  ['deleted', { address: CLONE, actions: ['delete'] }, 'THE CLONE IS DELETED'],
  ['created before it is deleted', { address: CLONE, actions: ['create', 'delete'] }, 'THE CLONE IS REPLACED'],
])('a clone that is %s is an alarm', (_how, change, said) => {
  expect(comment({ outcomes: [planned('a-target', [change])] })).toContain(said);
});

test('a clone that is made or altered is none', () => {
  for (const actions of [['create'], ['update'], ['no-op']])
    expect(comment({ outcomes: [planned('a-target', [{ address: CLONE, actions }])] })).not.toContain('CAUTION');
});

test('no sensitive value is shown, on whichever side and however deep it is marked', () => {
  const secret = 'hunter2';
  const outcome = planned('a-source', [
    {
      address: 'x.y',
      actions: ['update'],
      before: { one: secret, two: { three: secret }, four: ['a', secret], five: secret, open: 'old', gone: secret },
      after: { one: 'new', two: { three: 'n' }, four: ['a', 'n'], open: 'young' },
      after_unknown: { five: true },
      before_sensitive: { one: true, two: true, four: [false, true], five: true, gone: true },
      after_sensitive: { two: { three: true } },
    },
  ]);
  const text = comment({ outcomes: [outcome] });
  expect(text).not.toContain(secret);
  expect(text).toContain('open: "old" -> "young"');
  for (const path of ['one', 'two', 'four.1', 'five', 'gone']) expect(text).toContain(`${path}: (sensitive)`);
  expect(comment({ outcomes: [outcome] })).not.toContain('"n"');
});

test('what will be known later is said so', () => {
  const changes = [
    { address: 'x.y', actions: ['update'], before: { id: 'a' }, after: {}, after_unknown: { id: true } },
  ];
  expect(comment({ outcomes: [planned('a-source', changes)] })).toContain('id: "a" -> (known after apply)');
});

test('moved and imported objects are counted, with where they come from', () => {
  const text = comment({
    outcomes: [
      planned('a-source', [
        { address: 'x.moved', former: 'x.old' },
        { address: 'x.taken', importing: { id: 'i-1' } },
      ]),
    ],
  });
  expect(text).toContain('> x.moved (was x.old)');
  expect(text).toContain('< x.taken (taken over from AWS)');
  expect(text).toContain('| a-source | changes | 0 | 2 | 0 | 0 | 0 |');
});

test('what Terraform only forgets is no destruction, in no count and in no word', () => {
  const left = { address: 'aws_route.left', actions: ['forget'], reason: 'delete_because_no_resource_config' };
  const text = comment({ outcomes: [planned('a-source', [left]), planned('a-target', [left])] });
  for (const stack of ['a-source', 'a-target']) expect(text).toContain(`| ${stack} | changes | 0 | 0 | 0 | 0 | 1 |`);
  expect(text).toContain('. aws_route.left (forgotten, stays in AWS)');
  expect(text).toContain('What a-source and a-target would forget stays in AWS as it is');
  expect(text).not.toMatch(/CAUTION|no longer in the stack/);
  expect(comment({ outcomes: [planned('a-source', [])] })).not.toContain('forget stays');
});

test('a note of Terraform’s own that goes is counted, and is no alarm on either side', () => {
  for (const stack of ['a-source', 'a-target'])
    for (const actions of [['delete'], ['delete', 'create']]) {
      const text = comment({ outcomes: [planned(stack, [{ address: 'terraform_data.note', actions }])] });
      expect(text).not.toContain('CAUTION');
      expect(text).toContain(`| ${stack} | changes | 0 | 0 | ${actions.length - 1} | ${2 - actions.length} | 0 |`);
    }
});

test.each([
  ['aws_ram_resource_share_accepter', 'what production shares with the target account'],
  ['aws_vpc_peering_connection_accepter', 'the way between production and the clone'],
  ['aws_route', 'the way between production and the clone'],
  ['aws_security_group', 'the way between production and the clone'],
  ['aws_vpc_security_group_egress_rule', 'the way between production and the clone'],
  ['aws_ec2_transit_gateway_vpc_attachment', 'the way between production and the clone'],
  ['aws_kms_key_policy', 'what production shares with the target account'],
])('%s that goes is an alarm in the account of the clone as well', (type, what) => {
  const said = (actions: readonly string[]): string =>
    comment({ outcomes: [planned('a-target', [{ address: `${type}.one`, actions: [...actions] }])] });
  expect(said(['delete'])).toContain(`> - **a-target: ${type}.one, a part of ${what}, is deleted.**`);
  expect(said(['create', 'delete'])).toContain(`> - **a-target: ${type}.one, a part of ${what}, is replaced.**`);
  for (const actions of [['create'], ['update'], ['forget']]) expect(said(actions)).not.toContain('CAUTION');
});

test('what else of the clone’s account goes is listed, and no alarm', () => {
  const gone = { address: 'aws_cloudwatch_metric_alarm.one', actions: ['delete'] };
  expect(comment({ outcomes: [planned('a-target', [gone])] })).not.toContain('CAUTION');
});

test('"no changes" is only said of a plan that is complete and changes no output either', () => {
  const said = (more: object): string => comment({ outcomes: [planned('a-source', [], more)] });
  expect(said({})).toContain('| a-source | no changes |');
  expect(said({ output_changes: { contract: { actions: ['update'] } } })).toContain('| a-source | changes |');
  expect(said({ complete: false })).toContain('| a-source | not complete |');
  expect(said({ errored: true })).toContain('| a-source | not complete |');
  // A word that a later Terraform may bring.
  expect(comment({ outcomes: [planned('a-source', [{ address: 'x.y', actions: ['mend'] }])] })).toContain(
    '| changes |',
  );
});

test('a stack that was not planned is no stack without changes', () => {
  const outcomes: StackOutcome[] = [
    { stack: 'a-source', kind: 'failed', why: 'AccessDenied' },
    { stack: 'a-target', kind: 'waiting', why: 'No clone ticket' },
  ];
  const text = comment({ outcomes });
  expect(text).toContain('| a-source | failed |');
  expect(text).toContain('### a-target: waiting');
  expect(text).not.toContain('no changes');
});

test('however much is planned, it fits, and says what is left out', () => {
  const changes = Array.from({ length: 3_000 }, (_, index) => ({
    address: `x.resource_${index}`,
    actions: ['delete'],
  }));
  const outcomes = ['a-source', 'b-source'].map((stack) => planned(stack, [REPLACED, ...changes]));
  const text = comment({ outcomes, cost: 'much '.repeat(10_000) });
  expect(text.length).toBeLessThan(LONGEST_COMMENT + 1_000);
  expect(text).toMatch(/… \d+ more lines: run terraform plan/);
  expect(text).toContain('a-source: THE CLONE IS REPLACED');
  expect(text).toMatch(/> and \d+ more, see below/);
});

test('nothing that is planned leaves its block or names a person', () => {
  const name = 'x.y["```\n</details>@everyone"]';
  const changes = [{ address: name, actions: ['delete'], before: { a: '````' } }];
  const text = comment({ outcomes: [planned('a-source', changes)] });
  expect(text.split('\n').filter((line) => line.startsWith('> -'))).toHaveLength(1);
  expect(text.slice(0, text.indexOf('<details>'))).not.toContain('@');
  expect(text).toContain('````diff');
});

test.each(['{"format_version":"2.0"}', '{}', 'hello'])('a plan that is told otherwise is refused: %s', (text) => {
  expect(() => parsePlan('a-source', text)).toThrow(/STACK_PLAN_UNREADABLE/);
});
