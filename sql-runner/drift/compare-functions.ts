import type { FunctionDefinition, UseOfFunction } from '../postgres/catalog/schema-functions';
import { compareOwned, ownedStatements } from './compare-rights';
import { difference, paired, type Difference, type Found } from './difference';

/** What it does to rows where what uses it computes with another one. */
const OF_USE: Readonly<Record<UseOfFunction, Pick<Found, 'survives' | 'consequence'>>> = {
  generated: { survives: 'differs', consequence: 'a generated column is computed by it on each side: rows differ' },
  check: { survives: 'stops', consequence: 'a CHECK calls it: the clone may refuse a row that the source takes' },
  domain: { survives: 'stops', consequence: 'a domain calls it: the clone may refuse a value that the source takes' },
  index: { consequence: 'an index calls it: what the clone finds by that index may differ' },
  default: { consequence: 'a default calls it, and rows that arrive bring their values along' },
};
const GRAVEST: readonly UseOfFunction[] = ['generated', 'check', 'domain', 'index', 'default'];
const VERIFY = 'run sql-runner verify afterwards: rows that were computed by the former one stay';

/** Functions and procedures, by name and arguments. */
export function compareFunctions(
  source: readonly FunctionDefinition[],
  clone: readonly FunctionDefinition[],
): Difference[] {
  return paired(source, clone, ({ identity }) => identity).flatMap(({ there, here }) => {
    const one = (there ?? here)!;
    const named = { title: `${one.word.toLowerCase()} ${one.identity}`, statement: `${one.word} ${one.identity}` };
    const uses = GRAVEST.filter((use) => here?.usedIn.includes(use) === true);
    const common = { kind: 'function', object: named.title, ...(uses.length === 0 ? {} : OF_USE[uses[0]!]) } as const;
    if (there === null)
      return [
        difference({
          ...common,
          survives: 'continues',
          source: null,
          clone: here!.signature,
          statements: [`DROP ${named.statement}`],
          next: 'it may stay: nothing of the source needs it gone',
        }),
      ];
    if (here === null)
      return [
        difference({
          ...common,
          source: there.signature,
          clone: null,
          statements: [...made(there.definition), ...ownedStatements(there, null, named)],
          next: 'run it again afterwards: rights on it are compared then',
        }),
      ];
    const changed = there.definition !== here.definition;
    const replaced = there.signature === here.signature && there.word === here.word;
    return [
      ...(changed
        ? [
            difference({
              ...common,
              source: replaced ? 'another body or other options' : there.signature,
              clone: replaced ? 'what it was before' : here.signature,
              statements: replaced
                ? made(there.definition)
                : [
                    `DROP ${here.word} ${here.identity}`,
                    ...made(there.definition),
                    ...ownedStatements(there, null, named),
                  ],
              next: uses.length === 0 ? null : VERIFY,
            }),
          ]
        : []),
      ...compareOwned(there, changed && !replaced ? { ...here, owner: there.owner } : here, named),
    ];
  });
}

/** Its body may name what comes later, as in a dump. */
const made = (definition: string): string[] => [
  'SET check_function_bodies = off',
  definition,
  'RESET check_function_bodies',
];
