import { UNKNOWN, type CtyObject } from '../../../lab/provider/cty/type';
import { planResource, type ResourcePlan } from '../../../lab/provider/plan';
import type { BlockSchema } from '../../../lab/provider/schema/model';
import { keepVersionPrefixes, knownPart, stateAfter } from '../../../lab/provider/state';
import { splitTags } from '../../../lab/provider/tags';

const optional = { required: false, optional: true, computed: false };
const SCHEMA: BlockSchema = {
  attributes: [
    { name: 'name', type: 'string', required: true, optional: false, computed: false },
    { name: 'arn', type: 'string', required: false, optional: false, computed: true },
    { name: 'port', type: 'number', ...optional, computed: true },
    { name: 'flag', type: 'bool', ...optional },
    { name: 'secret', type: 'string', ...optional },
    { name: 'ids', type: ['set', 'string'], ...optional },
    { name: 'tags', type: ['map', 'string'], ...optional },
    { name: 'tags_all', type: ['map', 'string'], ...optional, computed: true },
  ],
  blocks: [
    {
      name: 'rule',
      nesting: 'set',
      minItems: 0,
      maxItems: 0,
      block: {
        attributes: [
          { name: 'key', type: 'string', required: true, optional: false, computed: false },
          { name: 'method', type: 'string', ...optional },
          { name: 'rule_id', type: 'string', required: false, optional: false, computed: true },
        ],
        blocks: [],
      },
    },
  ],
};
const behaviour = { forceNew: ['name', 'ids', 'rule'], defaults: { 'rule.method': 'now' }, writeOnly: ['secret'] };
const EMPTY = stateAfter(SCHEMA, {}, {});

function plan(config: CtyObject, prior: CtyObject | null): ResourcePlan {
  const full = { ...EMPTY, ...config };
  return planResource({ schema: SCHEMA, behaviour, config: full, prior, region: 'eu-west-1', defaultTags: { a: '1' } });
}

test('a new resource: configured, default, known after apply, and never a write-only secret', () => {
  const { planned, requiresReplace } = plan(
    { name: 'x', secret: 's', rule: [{ key: 'k', method: null, rule_id: null }] },
    null,
  );
  expect(planned).toEqual({
    name: 'x',
    arn: UNKNOWN,
    port: UNKNOWN,
    flag: null,
    secret: null,
    ids: null,
    tags: null,
    tags_all: { a: '1' },
    rule: [{ key: 'k', method: 'now', rule_id: UNKNOWN }],
  });
  expect(requiresReplace).toEqual([]);
  expect(knownPart(planned)).not.toHaveProperty('arn');
});

test('nothing changes when AWS spells unset as empty, or a set in another order', () => {
  const rule = (key: string, id: string): CtyObject => ({ key, method: 'now', rule_id: id });
  const prior = {
    ...EMPTY,
    name: 'x',
    arn: 'arn',
    port: 1,
    flag: false,
    ids: ['b', 'a'],
    tags: {},
    tags_all: { a: '1' },
  };
  const stored: CtyObject = { ...prior, rule: [rule('k', '1'), rule('l', '2')] };
  const rules = [
    { key: 'l', method: null, rule_id: null },
    { key: 'k', method: null, rule_id: null },
  ];
  const { planned, requiresReplace } = plan({ name: 'x', ids: ['a', 'b'], rule: rules }, stored);
  expect(planned).toEqual(stored);
  expect(requiresReplace).toEqual([]);
});

test('a change of an identifying argument, or of a block as a whole, replaces; an unknown one may', () => {
  const stored = { ...EMPTY, name: 'x', arn: 'arn', port: 1, tags_all: { a: '1' } };
  expect(plan({ name: 'y' }, stored).requiresReplace).toEqual([['name']]);
  expect(plan({ name: 'x', rule: [{ key: 'k', method: null, rule_id: null }] }, stored).requiresReplace).toEqual([
    ['rule'],
  ]);
  expect(plan({ name: 'x', ids: UNKNOWN }, stored).requiresReplace).toEqual([['ids']]);
  const inPlace = plan({ name: 'x', port: 2, tags: { b: UNKNOWN } }, stored);
  expect(inPlace.requiresReplace).toEqual([]);
  expect(inPlace.planned).toMatchObject({ port: 2, arn: 'arn', tags_all: { a: '1', b: UNKNOWN } });
});

test('tags read from AWS: the default ones are not the resource’s own, unless they were', () => {
  const read: CtyObject = { tags: null, tags_all: { a: '1', b: '2' } };
  splitTags(read, { tags: null }, { a: '1' });
  expect(read.tags).toEqual({ b: '2' });
  const onlyDefaults: CtyObject = { tags: null, tags_all: { a: '1' } };
  splitTags(onlyDefaults, { tags: null }, { a: '1' });
  expect(onlyDefaults.tags).toBeNull();
  splitTags(read, { tags: { a: '1' } }, { a: '1' });
  expect(read.tags).toEqual({ a: '1', b: '2' });
});

test('a version stays as short as it is configured, while it is the same', () => {
  const shortened: CtyObject = { engine_version: '17.4' };
  keepVersionPrefixes({ versionPrefix: ['engine_version'] }, shortened, { engine_version: '17' });
  expect(shortened.engine_version).toBe('17');
  const upgraded: CtyObject = { engine_version: '17.4' };
  keepVersionPrefixes({ versionPrefix: ['engine_version'] }, upgraded, { engine_version: '1' });
  expect(upgraded.engine_version).toBe('17.4');
});

test('the state after an answer has no unknown values and no attribute that the schema lacks', () => {
  const state = stateAfter(SCHEMA, { ...EMPTY, name: 'x', arn: UNKNOWN, port: UNKNOWN }, { port: 5432 });
  expect(state).toMatchObject({ name: 'x', arn: null, port: 5432, rule: [] });
  expect(() => stateAfter(SCHEMA, EMPTY, { prt: 1 })).toThrow('prt: there is no such attribute');
});
