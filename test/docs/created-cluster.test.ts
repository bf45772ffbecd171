import { CHOICES, createdClusterReference } from '../../docs/generate/created-cluster';
import { SETTING_PLACES } from '../stacks/setting-places';

const BELOW = 'source.cluster.create.';
const whole = (setting: string) => (/^(source|kms)\./.test(setting) ? setting : `${BELOW}${setting}`);

test('the guide has 31 choices, and each but the monthly cost has a setting or is made for good', () => {
  expect(CHOICES).toHaveLength(31);
  expect(CHOICES[29]!.title).toBe('Monthly cost');
  expect(CHOICES.filter(({ settings, otherwise }) => settings.length === 0 && otherwise === undefined)).toEqual([]);
});

test('every setting in the table is one, and every setting of a new cluster is in it', () => {
  const settings = new Set(SETTING_PLACES.map(({ setting }) => setting));
  const told = CHOICES.flatMap((choice) => choice.settings).map(whole);
  const lists = [`${BELOW}readers`];
  expect(told.filter((setting) => !settings.has(setting) && !lists.includes(setting))).toEqual([]);
  const missing = [...settings].filter((setting) => setting.startsWith(BELOW) && !told.includes(setting));
  expect(missing).toEqual([`${BELOW}preset`]);
});

test('what the presets differ in shows', () => {
  expect(createdClusterReference()).toContain('| 31 | Deletion protection | `deletionProtection` | `true` | `false` |');
});
