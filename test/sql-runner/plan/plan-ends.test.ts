import type { Change, Finding } from '../../../sql-runner/model/change';
import { isBlocked, isIdleButUnwell, type Plan } from '../../../sql-runner/model/plan';

/** How a plan ends: it is refused, it is carried out, or there is nothing to do, and yet not all is well. */
const finding = (more: Partial<Finding>): Finding => ({
  code: 'TABLE_MISSING',
  severity: 'block',
  seen: 's',
  why: 'w',
  next: 'n',
  ...more,
});
const STOPS = finding({});
const OTHERS = finding({ stops: ['connect'] });
const STANDING = finding({ standing: true });
const WARNING = finding({ severity: 'warn' });

const plan = (changes: number, ...findings: Finding[]): Plan => ({
  mode: 'apply',
  environment: 'demo',
  changes: Array.from({ length: changes }, () => ({}) as Change),
  findings,
  nextStep: null,
  fingerprint: 'f',
});

test.each<[string, Plan, { blocked: boolean; unwell: boolean }]>([
  ['nothing to do', plan(0), { blocked: false, unwell: false }],
  ['nothing to do, and a warning', plan(0, WARNING), { blocked: false, unwell: false }],
  ['what stops it', plan(0, WARNING, STOPS), { blocked: true, unwell: false }],
  [
    'what stops it beside what would stop other steps',
    plan(0, OTHERS, STOPS, STANDING),
    { blocked: true, unwell: false },
  ],
  ['what would stop steps that it does not have', plan(0, WARNING, OTHERS), { blocked: true, unwell: true }],
  ['how something stands by now', plan(0, WARNING, STANDING), { blocked: true, unwell: true }],
  ['something to do, and how something stands by now', plan(1, STANDING), { blocked: false, unwell: false }],
  ['something to do, and what stops other steps', plan(1, OTHERS), { blocked: true, unwell: false }],
  ['something to do', plan(1, WARNING), { blocked: false, unwell: false }],
])('a plan with %s', (_, made, expected) => {
  expect({ blocked: isBlocked(made), unwell: isIdleButUnwell(made) }).toEqual(expected);
});
