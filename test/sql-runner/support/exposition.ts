interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Reads the text format of Prometheus as its documentation describes it, and takes no line that is not so:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposition(text: string) {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const types = new Map<string, string>();
  const series = new Map<string, Sample>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const type = /^# TYPE (\S+) (counter|gauge)$/.exec(line);
    if (type !== null) types.set(type[1]!, type[2]!);
    else if (!/^# HELP \S+ ./.test(line)) add(series, types, line);
  }
  const values = (name: string, wanted: Readonly<Record<string, string>> = {}) =>
    [...series.values()].filter(
      (one) => one.name === name && Object.entries(wanted).every(([label, value]) => one.labels[label] === value),
    );
  return { types, series, values };
}

function add(series: Map<string, Sample>, types: ReadonlyMap<string, string>, line: string): void {
  const [, name = '', inner = '', number = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!types.has(name)) throw new Error(`not of a series whose type was told: ${line}`);
  const labels = [...inner.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
  if (labels.map(([whole]) => whole).join('') !== inner) throw new Error(`labels of another form: ${line}`);
  const key = `${name}{${inner}}`;
  if (series.has(key)) throw new Error(`told twice: ${key}`);
  const value = /^nan$/i.test(number) ? Number.NaN : Number(number);
  if (Number.isNaN(value) && !/^nan$/i.test(number)) throw new Error(`no number: ${line}`);
  series.set(key, { name, labels: Object.fromEntries(labels.map(([, label, said]) => [label, said!])), value });
}
