/** Names in the text of a function that are looked up by the search_path: those without a schema. */
export interface BodyNames {
  readonly functions: readonly string[];
  readonly relations: readonly string[];
  readonly types: readonly string[];
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const ALONE = String.raw`(?<![\w$."\u0080-\uffff])(${NAME})(?![\w$"\u0080-\uffff]|\s*\.)`;

/** Reads SQL and PL/pgSQL without understanding it: what it names may be a variable or an alias as well. */
export function namesInBody(body: string): BodyNames {
  const code = withoutTexts(body);
  return {
    functions: all(code, new RegExp(String.raw`${ALONE}\s*\(`, 'g')),
    relations: all(code, new RegExp(String.raw`\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?${ALONE}`, 'gi')),
    types: all(code, new RegExp(String.raw`::\s*${ALONE}|\bAS\s+${ALONE}\s*\)`, 'gi')),
  };
}

/** Comments and string constants hold no names, as far as can be told without running them. */
function withoutTexts(body: string): string {
  return body.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, ' ');
}

function all(code: string, pattern: RegExp): string[] {
  const found = [...code.matchAll(pattern)].flatMap((match) => match.slice(1).filter((name) => name !== undefined));
  return [...new Set(found.map(asCatalogued))];
}

/** As the server folds it. */
function asCatalogued(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
