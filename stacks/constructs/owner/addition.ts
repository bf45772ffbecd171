/** A number that Terraform knows only when it puts the text out, as an expression. */
export interface NumberOf {
  readonly number: string;
}

type Value = string | NumberOf | readonly object[];
type Values = Readonly<Record<string, Value>>;

/** One block that the owner of production adds to their own Terraform. */
export interface Addition {
  /** What it is for, and what else it takes where the owner has such a thing already: one line each. */
  readonly about: readonly string[];
  /** `locals`, or the type and name of a resource. */
  readonly block: 'locals' | readonly [type: string, name: string];
  readonly values: Values;
  /** Nested blocks of one kind. */
  readonly nested?: { readonly kind: string; readonly blocks: readonly Values[] };
}

/** As a `.tf` file. Values are written as JSON has them, which HCL reads the same. */
export function asHcl(additions: readonly Addition[]): string {
  return additions.map(hclBlock).join('\n');
}

function hclBlock({ about, block, values, nested }: Addition): string {
  const head = block === 'locals' ? 'locals' : `resource "${block[0]}" "${block[1]}"`;
  const inner = (nested?.blocks ?? []).flatMap((one) => ['', `  ${nested!.kind} {`, ...hclValues(one, '    '), '  }']);
  return [
    ...about.map((line) => `# ${line}`.trimEnd()),
    `${head} {`,
    ...hclValues(values, '  '),
    ...inner,
    '}',
    '',
  ].join('\n');
}

function hclValues(values: Values, indent: string): string[] {
  const width = Math.max(...Object.keys(values).map(({ length }) => length));
  return Object.entries(values).map(([name, value]) => {
    const text = isNumber(value) ? value.number : JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
    return `${indent}${name.padEnd(width)} = ${text}`;
  });
}

const isNumber = (value: unknown): value is NumberOf =>
  typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'string';

/** As a `.tf.json` file. `//` is a comment to Terraform (JSON configuration syntax, "Comment Properties"). */
export function asJson(additions: readonly Addition[]): string {
  const resource: Record<string, Record<string, object>> = {};
  const locals: Record<string, unknown> = {};
  const comments: string[] = [];
  for (const { about, block, values, nested } of additions) {
    if (block === 'locals') {
      comments.push(...about);
      Object.assign(locals, values);
      continue;
    }
    const [type, name] = block;
    (resource[type] ??= {})[name] = {
      '//': about.join('\n'),
      ...values,
      ...(nested === undefined ? {} : { [nested.kind]: nested.blocks }),
    };
  }
  const whole = {
    ...(comments.length > 0 ? { '//': comments.join('\n') } : {}),
    ...(Object.keys(locals).length > 0 ? { locals } : {}),
    ...(Object.keys(resource).length > 0 ? { resource } : {}),
  };
  const marked = JSON.stringify(whole, (_key, value: unknown) => (isNumber(value) ? `<${value.number}>` : value), 2);
  return marked.replaceAll(/"<([^"<>]*)>"/g, '$1');
}
