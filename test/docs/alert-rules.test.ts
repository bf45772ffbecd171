import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { metricsText } from '../../sql-runner/render/metrics';
import { METRICS } from '../../sql-runner/render/metric-list';
import { exposition } from '../sql-runner/support/exposition';
import { selectors } from './promql';
import { sampleOf, streamOf } from '../sql-runner/support/stream-status';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const FOLDER = join(__dirname, '..', '..', 'docs', 'monitoring');
const { groups } = parse(readFileSync(join(FOLDER, 'alert-rules.yml'), 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

test('the reader takes no expression that is none', () => {
  expect(() => selectors('acas_up >')).toThrow('no PromQL');
  expect(selectors('delta(a{b="c"}[5m]) > d')).toEqual([
    { metric: 'a', labels: { b: 'c' } },
    { metric: 'd', labels: {} },
  ]);
});

describe.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (_, { expr, labels, annotations }) => {
  const asked = selectors(expr);

  test('asks for series that there are, by labels and values that they have', async () => {
    expect(asked.length).toBeGreaterThan(0);
    const looks = { seen: 1, unseen: 0 };
    const [streams, at] = [[{ database: 'shop', slot: 'acas_demo_shop' }], new Date(0)];
    const sample = sampleOf([streamOf('shop')]);
    const view = { environment: 'demo', streams, sample, unseen: null, seenAt: at, looks, outputsAt: at };
    const told = exposition(await metricsText(view));
    for (const { metric, labels: wanted } of asked) {
      const equal = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
      expect([metric, told.values(metric, equal).length > 0]).toEqual([metric, true]);
    }
  });

  test('what it prints names only labels of the series', () => {
    const texts = Object.values(annotations).join('\n');
    const named = [...texts.matchAll(/\$labels\.(\w+)/g)].map(([, name]) => name);
    for (const { metric } of asked) {
      const has = ['environment', ...METRICS.find(({ name }) => name === metric)!.labels];
      expect(has).toEqual(expect.arrayContaining(named));
    }
    expect(['critical', 'warning']).toContain(labels.severity);
  });
});

test('none compares a rate or a prediction alone: each series that may be NaN has an alert on a state as well', () => {
  const states = ['acas_stream_healthy', 'acas_up', 'acas_info'];
  expect(states.filter((name) => rules.some(({ expr }) => expr.includes(name)))).toEqual(states);
});

/** Prometheus's own tool runs the rules over time; whoever has it gets its word too. */
if ((process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'promtool'))))
  test('promtool: each rule fires when it is to, and none on a stream that follows', () => {
    const said = execFileSync('promtool', ['test', 'rules', join(__dirname, 'alert-rules.promtool.yml')]);
    expect(String(said)).toContain('SUCCESS');
  });
