import { parser } from '@prometheus-io/lezer-promql';

interface Selector {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What an expression of PromQL asks for, as the grammar that Prometheus's own page uses reads it. */
export function selectors(expr: string): Selector[] {
  const found: { metric: string; labels: Record<string, string> }[] = [];
  let label = '';
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to }) => {
      const text = expr.slice(from, to);
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
      if (name === 'VectorSelector') found.push({ metric: '', labels: {} });
      else if (name === 'Identifier') found.at(-1)!.metric = text;
      else if (name === 'LabelName') label = text;
      else if (name === 'StringLiteral') found.at(-1)!.labels[label] = JSON.parse(text) as string;
    },
  });
  return found;
}
