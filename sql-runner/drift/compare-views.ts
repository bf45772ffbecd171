import { displayTable } from '../model/table-selection';
import { quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { compareOwned, ownedStatements } from './compare-rights';
import { difference, paired, type Difference } from './difference';
import type { ViewFacts } from './facts';

const KEPT = 'no stream carries it: nothing happens to rows of tables';
const CONTENTS = 'its rows are never replicated: REFRESH MATERIALIZED VIEW computes them there';

/** Views and materialized views: those first that others are made of. */
export function compareViews(source: readonly ViewFacts[], clone: readonly ViewFacts[]): Difference[] {
  const both = paired(inOrder(source), inOrder(clone), ({ relation }) => displayTable(relation));
  // What goes goes first, and of that what is made of others.
  const going = both.filter(({ there }) => there === null).reverse();
  return [...going, ...both.filter(({ there }) => there !== null)].flatMap(({ there, here }) =>
    compareView(there, here),
  );
}

function compareView(there: ViewFacts | null, here: ViewFacts | null): Difference[] {
  const { relation } = (there ?? here)!;
  const stored = relation.kind === 'm';
  const word = stored ? 'MATERIALIZED VIEW' : 'VIEW';
  const named = {
    title: `${word.toLowerCase()} ${displayTable(relation)}`,
    statement: `${word} ${quoteQualified(relation)}`,
    grantOn: `TABLE ${quoteQualified(relation)}`,
  };
  const common = {
    kind: stored ? 'materialized-view' : 'view',
    object: named.title,
    consequence: stored ? CONTENTS : KEPT,
  } as const;
  // It could not be opened: that is told apart.
  if (there?.view === null || here?.view === null) return [];
  if (there === null)
    return [difference({ ...common, source: null, clone: shown(here!), statements: [`DROP ${named.statement}`] })];
  const statements = creation(there, word);
  if (here === null)
    return [
      difference({
        ...common,
        source: shown(there),
        clone: null,
        statements: [...statements, ...ownedStatements(there.relation, null, named)],
        next: 'run it again afterwards: rights on it are compared then',
      }),
    ];
  if (formOf(there) === formOf(here)) return compareOwned(there.relation, here.relation, named);
  const replaceable =
    !stored &&
    here.relation.kind === 'v' &&
    here.view.columns.every((column, at) => there.view!.columns[at] === column);
  const drop = `DROP ${here.relation.kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW'} ${quoteQualified(here.relation)}`;
  const remade = replaceable ? statements : [drop, ...statements, ...ownedStatements(there.relation, null, named)];
  return [
    difference({
      ...common,
      source: shown(there),
      clone: shown(here),
      statements: remade,
      next: replaceable ? null : 'where other views are made of it, drop these before, and run it again afterwards',
    }),
  ];
}

/** Those first that others are made of. Linear. */
function inOrder(views: readonly ViewFacts[]): ViewFacts[] {
  const known = new Map(views.map((one) => [one.relation.oid, one]));
  const users = (one: ViewFacts): ViewFacts[] => (one.view?.usedBy ?? []).flatMap((oid) => known.get(oid) ?? []);
  const done = new Set<ViewFacts>();
  const order: ViewFacts[] = [];
  const visit = (one: ViewFacts): void => {
    if (done.has(one)) return;
    done.add(one);
    users(one).forEach(visit);
    order.push(one);
  };
  views.forEach(visit);
  return order.reverse();
}

function creation({ relation, view }: ViewFacts, word: string): string[] {
  const options = relation.options.map((option) => {
    const at = option.indexOf('=');
    return `${option.slice(0, at)} = ${quoteLiteral(option.slice(at + 1))}`;
  });
  const stored = options.length === 0 ? '' : ` WITH (${options.join(', ')})`;
  const verb = word === 'VIEW' ? 'CREATE OR REPLACE' : 'CREATE';
  return [
    `${verb} ${word} ${quoteQualified(relation)}${stored} AS ${view!.definition.trim()}${relation.kind === 'm' && !relation.populated ? ' WITH NO DATA' : ''}`,
    ...view!.indexes,
  ];
}

const formOf = ({ relation, view }: ViewFacts): string =>
  JSON.stringify([relation.kind, view!.definition, relation.options, relation.kind === 'm' ? view!.indexes : []]);

function shown({ relation, view }: ViewFacts): string {
  const text = view!.definition.replace(/\s+/g, ' ').trim();
  const options = relation.options.length === 0 ? '' : ` with ${relation.options.join(', ')}`;
  return `${text.length > 200 ? `${text.slice(0, 200)} …` : text}${options}`;
}
