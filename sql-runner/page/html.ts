import { redact } from '../explain/redaction';

/** Text that is HTML already. Only `html` makes it, of what stands in the sources, and of escaped text. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[] | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // HTML knows no such character.
  '\0': '\uFFFD',
};

/** Secrets are crossed out first: once escaped, they would not be known again. */
const escaped = (text: string): string => redact(text).replace(/[&<>"'\0]/g, (character) => ESCAPES[character]!);

/** A template whose values are text, whoever gave it, unless they are HTML made by another one. */
export function html(constant: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(constant.reduce((text, next, index) => `${text}${textOf(parts[index - 1] ?? null)}${next}`));
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escaped(part);
  return typeof part === 'number' ? String(part) : part.map(({ text }) => text).join('');
}
