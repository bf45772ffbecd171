import { ENVIRONMENT_FILE_CODES } from '../../errors/codes/environment-files';
import { testMistakes } from './edited-environment';
import { AWS_MISTAKES } from './wrong/aws';
import { MEANT_OTHERWISE } from './wrong/meant-otherwise';
import { MODE_MISTAKES } from './wrong/modes';
import { NETWORK_MISTAKES } from './wrong/network';
import { PARAMETER_MISTAKES } from './wrong/parameters';
import { ROLE_MISTAKES } from './wrong/roles';
import { RULE_MISTAKES } from './wrong/rules';
import { RUNNER_MISTAKES } from './wrong/runner';
import { SELECTION_MISTAKES } from './wrong/selections';
import { SETTING_MISTAKES } from './wrong/settings';
import { SHAPES_MISTAKES } from './wrong/shapes';
import { TAG_MISTAKES } from './wrong/tags';
import { VALUES_MISTAKES } from './wrong/values';
import { YAML_MISTAKES } from './wrong/yaml';

/** Wrong environment files, one for each rule: each has one error, at its line and column, that says what to do. */
const MISTAKES = [
  ...SETTING_MISTAKES,
  ...SELECTION_MISTAKES,
  ...RULE_MISTAKES,
  ...ROLE_MISTAKES,
  ...RUNNER_MISTAKES,
  ...MODE_MISTAKES,
  ...MEANT_OTHERWISE,
  ...NETWORK_MISTAKES,
  ...PARAMETER_MISTAKES,
  ...SHAPES_MISTAKES,
  ...VALUES_MISTAKES,
  ...AWS_MISTAKES,
  ...TAG_MISTAKES,
  ...YAML_MISTAKES,
];

/** Not of the content of one file: which files there are, what stands between two, and a note. */
const ELSEWHERE = [
  'CLONE_NAME_TAKEN',
  'CLONE_TWICE',
  'CLUSTER_OWNED_TWICE',
  'ENVIRONMENT_FILE_GONE',
  'ENVIRONMENT_TWICE',
  'ENVIRONMENT_UNKNOWN',
  'ENVIRONMENT_UNREADABLE',
  'NO_ENVIRONMENTS',
  'PARAMETER_UNKNOWN',
  'PEERING_TWICE',
  'ROLE_TAKEN',
  'ROUTE_TAKEN',
  'RULE_TAKEN',
  'SOURCE_DESCRIBED_OTHERWISE',
];

testMistakes(MISTAKES);

test('every code of environment files is made by one of them', () => {
  const made = new Set<string>(MISTAKES.map(([, code]) => code));
  const codes = Object.keys(ENVIRONMENT_FILE_CODES).filter((code) => !ELSEWHERE.includes(code));
  expect(codes.filter((code) => !made.has(code))).toEqual([]);
});

test('there are more than a hundred, no two of which are told the same', () => {
  expect(MISTAKES.length).toBeGreaterThan(100);
  expect(new Set(MISTAKES.map(([title]) => title)).size).toBe(MISTAKES.length);
});
