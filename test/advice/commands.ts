import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const PROJECT = join(__dirname, '..', '..');

export interface PrintedText {
  /** Path from the project's root. */
  readonly file: string;
  readonly text: string;
}

/** Every text in the sources; what varies stands as `<…>`. Names of imports are among them and hold no commands. */
export function textsInSources(folders: readonly string[]): PrintedText[] {
  return folders.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => textsOf(join(PROJECT, folder, file))),
  );
}

function textsOf(file: string): PrintedText[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push(node.head.text + node.templateSpans.map(({ literal }) => `<…>${literal.text}`).join(''));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts.map((text) => ({ file: relative(PROJECT, file), text }));
}

/** The documents, line by line, in which commands stand in code. */
export function documentLines(): PrintedText[] {
  const own = readdirSync(PROJECT).filter((file) => file.endsWith('.md'));
  const docs = readdirSync(join(PROJECT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file));
  return [...own, ...docs].flatMap((file) =>
    readFileSync(join(PROJECT, file), 'utf8')
      .replaceAll('&lt;', '<')
      .split('\n')
      .map((text) => ({ file, text })),
  );
}

/** A word of a command as texts write it: an option, a placeholder, a name that examples use, a file. */
const WORD = String.raw`(?:--until streaming|--?[\w-]+(?:=[^\s\`',;]+)?|<[^>]*>(?:-source|-target)?|[A-Z]{4,}|\d+|[\w./-]+\.(?:json|sql)|check|bash|zsh|fish|(?:dev|demo|example|shop)(?:-source|-target)?(?:\.plan\.json)?)`;

/** The commands of a program in a text: the words after its name, up to where the sentence goes on. */
export function commandsIn(text: string, name: string, verb: RegExp): string[][] {
  const pattern = new RegExp(String.raw`(?<![\w./-])${name} (?:-- )?((?:${verb.source})(?: ${WORD})*)`, 'g');
  return [...text.matchAll(pattern)].map(([, words]) => words!.split(' ').map((word) => word.replace(/[.:]$/, '')));
}
