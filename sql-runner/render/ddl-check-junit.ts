import { placeOf, shortText } from '../migration/statement';
import type { CheckedMigration } from '../actions/ddl-check';
import { CLASS_WORDS, told } from './ddl-check-words';

/** A test case for each piece: what is safe passes, what was not judged is skipped. */
export function ddlCheckJunit({ judged }: CheckedMigration): string {
  const cases = judged.map((unit) => {
    const first = unit.unit.statements[0]!;
    const name = `${placeOf(first)} ${shortText(first)}`;
    const found = told(unit);
    const head = `    <testcase classname="${xml(first.file)}" name="${xml(name)}"`;
    if (found === null) return `${head}/>`;
    const kind = unit.verdict.class === 'not-judged' ? 'skipped' : 'failure';
    const type = kind === 'failure' ? ` type="${found.code}"` : '';
    return `${head}>\n      <${kind}${type} message="${xml(CLASS_WORDS[unit.verdict.class])}">${xml(found.words)}</${kind}>\n    </testcase>`;
  });
  const of = (test: (kind: string) => boolean): number => judged.filter(({ verdict }) => test(verdict.class)).length;
  const failures = of((kind) => kind !== 'safe' && kind !== 'not-judged');
  const counts = `tests="${judged.length}" failures="${failures}" skipped="${of((kind) => kind === 'not-judged')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="sql-runner ddl check" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** Characters that XML 1.0 has no way to write are left out. */
function xml(text: string): string {
  // These are the ones.
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"\n]/g, (one) => ENTITIES[one]!);
}
