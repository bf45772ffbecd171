import type { CheckedMigration } from '../actions/ddl-check';
import { told } from './ddl-check-words';

/** Workflow commands, which GitHub shows as annotations of the changed lines. */
export function ddlCheckGithub({ judged }: CheckedMigration): string {
  const lines = judged.flatMap((unit) => {
    const found = told(unit);
    if (found === null) return [];
    const { statement, code, grave, words } = found;
    const where = `file=${property(statement.file)},line=${statement.line},title=${property(code)}`;
    return [`::${grave ? 'error' : 'warning'} ${where}::${data(words)}`];
  });
  return lines.length === 0 ? '::notice::every statement is safe' : lines.join('\n');
}

/** As @actions/core escapes them. */
const data = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
