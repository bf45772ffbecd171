import { UNKNOWN, type CtyObject } from '../../../lab/provider/cty/type';
import * as rules from '../../../lab/provider/rules';
import type { Rule } from '../../../lab/provider/rules';

const details = (rule: Rule, config: CtyObject): string[] => rule(config).map(({ detail }) => detail);
const accepts = (rule: Rule, value: string): boolean => rule({ x: value }).length === 0;

test.each<[string, Rule, string[], string[]]>([
  [
    'arn',
    rules.arn('x'),
    ['arn:aws:kms:eu-west-1:111111111111:key/a', 'arn:aws-cn:iam::111111111111:root'],
    ['key/a', 'arn:aws:kms', 'arn:aws:kms:eu-west-1:1:key/a'],
  ],
  [
    'arnOf',
    rules.arnOf('x', 'ram'),
    ['arn:aws:ram:eu-west-1:111111111111:resource-share/a'],
    ['arn:aws:rds:eu-west-1:111111111111:cluster:a'],
  ],
  ['accountId', rules.accountId('x'), ['111111111111'], ['11111111111', '1111111111111', 'abc']],
  [
    'cidr4',
    rules.cidr4('x'),
    ['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3/32'],
    ['10.0.0.1/8', '10.0.0.0', '256.0.0.0/8', '10.0.0.0/33'],
  ],
  ['identifier', rules.identifier('x'), ['demo-clone', 'a1'], ['Demo', '1a', 'a--b', 'a-', 'a'.repeat(64)]],
  ['parameterGroupName', rules.parameterGroupName('x'), ['demo.pg17', 'a'.repeat(255)], ['default_pg', 'a..b']],
  [
    'identifierOrClusterArn',
    rules.identifierOrClusterArn('x'),
    ['prod', 'arn:aws:rds:eu-west-1:111111111111:cluster:prod'],
    ['arn:aws:rds:eu-west-1:111111111111:db:prod', 'arn:aws:rds:cluster:prod'],
  ],
  ['oneOf', rules.oneOf('x', 'a', 'b'), ['a'], ['c']],
  ['startsWith', rules.startsWith('x', 'sg-'), ['sg-1'], ['vpc-1']],
])('%s', (_name, rule, good, bad) => {
  expect(good.filter((value) => !accepts(rule, value))).toEqual([]);
  expect(bad.filter((value) => accepts(rule, value))).toEqual([]);
  expect([...rule({ x: UNKNOWN }), ...rule({ x: null })]).toEqual([]);
});

test('a problem names the place, also inside repeated blocks and lists', () => {
  const config = { parameter: [{ method: 'now' }, { method: 'never' }], ids: ['sg-1', 'x'] };
  expect(rules.oneOf('parameter.method', 'now')(config)).toEqual([
    {
      summary: '"parameter.method" is not valid',
      detail: '"never" was given; one of now is needed.',
      path: ['parameter', 1, 'method'],
    },
  ]);
  expect(rules.startsWith('ids', 'sg-')(config)).toMatchObject([{ path: ['ids'] }]);
});

test('exactlyOne and atMostOne count what is set, and wait for what is unknown', () => {
  const one = rules.exactlyOne('', 'a', 'b');
  expect(details(one, { a: '1', b: null })).toEqual([]);
  expect(details(one, { a: null, b: null })).toEqual(['Set exactly one of a, b; none is set.']);
  expect(details(one, { a: '1', b: '2' })).toEqual(['Set exactly one of a, b; a and b are set.']);
  expect(details(one, { a: UNKNOWN, b: '2' })).toEqual([]);
  expect(details(rules.atMostOne('', 'a', 'b'), { a: [], b: [{}] })).toEqual([]);
  const nested = rules.exactlyOne('block', 'a', 'b');
  expect(
    nested({
      block: [
        { a: 1, b: null },
        { a: null, b: null },
      ],
    }),
  ).toMatchObject([{ path: ['block', 1] }]);
  expect(nested({ block: [] })).toEqual([]);
});
