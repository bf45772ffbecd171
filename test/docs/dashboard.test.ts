import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '../../sql-runner/render/metric-list';
import { selectors } from './promql';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly fieldConfig: {
    readonly defaults: { readonly noValue: string; readonly custom?: { readonly spanNulls: boolean } };
  };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const FILE = join(__dirname, '..', '..', 'docs', 'monitoring', 'dashboard.json');
const board = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
};
const targets = board.panels.flatMap(({ title, targets: each }) => each.map((target) => [title, target] as const));
/** Grafana puts in its variables before Prometheus reads it. */
const asked = (expr: string): string => expr.replaceAll('$environment', 'demo');

test.each(targets)('%s asks for series that there are, by labels that they have', (_, { expr, legendFormat }) => {
  const found = selectors(asked(expr));
  expect(found.length).toBeGreaterThan(0);
  for (const { metric, labels } of found) {
    const known = METRICS.find(({ name }) => name === metric);
    expect([metric, known?.name]).toEqual([metric, metric]);
    const has = ['environment', ...known!.labels];
    const legend = [...legendFormat.matchAll(/{{(\w+)}}/g)].map(([, label]) => label);
    expect(has).toEqual(expect.arrayContaining([...Object.keys(labels), ...legend]));
    // One Prometheus may have slots of others, by postgres_exporter.
    expect(labels.environment).toBe('demo');
  }
});

test('what is not known is shown as that, and no line is drawn across it', () => {
  for (const { fieldConfig } of board.panels) {
    expect(fieldConfig.defaults.noValue).toBe('not known');
    if (fieldConfig.defaults.custom !== undefined) expect(fieldConfig.defaults.custom.spanNulls).toBe(false);
  }
});

test('panels have ids of their own and do not lie on each other', () => {
  expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...board.panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
});

test('the environment is chosen from what there is', () => {
  const { query } = board.templating.list.find(({ name }) => name === 'environment')!;
  const [, metric] = /label_values\((\w+), environment\)/.exec((query as { query: string }).query)!;
  expect(METRICS.map(({ name }) => name)).toContain(metric);
});
