import type { Code } from '../../errors/codes';
import { isHealthy } from '../../sql-runner/model/health';
import type { Breakage, Told } from './breakage';
import { blocks, failures, isStreamWell, streamOf, type Said } from './said';

export type Truth = Pick<Breakage, 'states' | 'causes' | 'beside' | 'words' | 'everywhere' | 'follows' | 'unseen'>;

/** Where one of them says that all is well; it is asked only once something is broken. */
export function saysWell(
  said: Said,
  database: string,
  { follows, unseen }: Pick<Truth, 'follows' | 'unseen'>,
): string[] {
  if (unseen) return [];
  const ofStatus = [
    ...(isStreamWell(said, database) ? ['status says that the stream is well'] : []),
    ...(said.status.exit === 0 ? ['status ends with 0'] : []),
  ];
  if (follows) return ofStatus;
  return [
    ...ofStatus,
    ...(/The clone follows the source/.test(said.plan.text) ? ['plan says that the clone follows'] : []),
    ...(/^(Healthy|Ready)/m.test(said.doctor.text) || said.doctor.exit === 0 ? ['doctor says that all is well'] : []),
  ];
}

/** What does not agree with the truth; none: every command tells it. */
export function untrue(said: Said, database: string, truth: Truth): string[] {
  if (truth.unseen) return ofRows(said, truth);
  return [
    ...saysWell(said, database, truth),
    ...ofStatus(said, database, truth),
    ...(truth.follows ? [] : ofPlanAndDoctor(said, truth)),
    ...(said.metrics[database] === 1 ? ['metrics: healthy is 1'] : []),
    ...ofOtherDatabases(said, database, truth),
  ];
}

/** Who has compared no row says nothing of rows, but who does; and that one tells it. */
function ofRows({ status, plan, doctor, compared }: Said, { words }: Truth): string[] {
  const others = Object.entries({ status, plan, doctor });
  return [
    ...others
      .filter(([, { text }]) => !/compared by sql-runner verify/.test(flat(text)))
      .map(([who]) => `${who} does not say who compares rows`),
    ...others.filter(([, { text }]) => /\bequal\b/i.test(text)).map(([who]) => `${who} speaks of equal rows`),
    ...(compared?.equal === false && compared.exit === 11 ? [] : [`verify ends with ${compared?.exit}`]),
    ...(words?.test(flat(compared?.text ?? '')) === true ? [] : [`verify does not say ${String(words)}`]),
  ];
}

/** What is broken in one database is no reason to call another one unwell. */
function ofOtherDatabases({ status, metrics }: Said, database: string, { everywhere }: Truth): string[] {
  if (everywhere || status.result === null || status.result.clone === 'not reached') return [];
  const others = status.result.streams.filter((one) => one.database !== database);
  return [
    ...others.filter((one) => !isHealthy(one)).map((one) => `status: ${one.database} is ${one.state}`),
    ...others.filter((one) => metrics[one.database] !== 1).map((one) => `metrics: ${one.database} is not healthy`),
  ];
}

function ofStatus(said: Said, database: string, { states, causes, beside = [], words }: Truth): string[] {
  const stream = streamOf(said, database);
  const state: Told = stream?.state ?? 'not read';
  const problems = stream?.problems.map(({ code }) => code) ?? [said.status.error!.code];
  const unread = said.status.result?.unread?.code;
  const told = unread === undefined ? problems : [unread, ...problems];
  const others = told.filter((code) => ![...causes, ...beside].includes(code));
  return [
    ...(states.includes(state) ? [] : [`status: the state is ${state}`]),
    ...(isCause(told, causes) ? [] : [`status: the cause is ${told[0] ?? 'not told'}`]),
    ...(others.length === 0 ? [] : [`status: also ${others.join(', ')}`]),
    ...(words === undefined || words.test(flat(said.status.text)) ? [] : [`status does not say ${String(words)}`]),
    ...(stream === null || said.status.text.includes(told[0] ?? '') ? [] : ['the text of status lacks the cause']),
    ...(stream === null || sameInJson(said, database, state) ? [] : ['the JSON of status differs from its text']),
    ...([1, 13, 16].includes(said.status.exit) ? [] : [`status ends with ${said.status.exit}`]),
  ];
}

/** None at all where nothing speaks against it, as it is so by consent. */
const isCause = ([first]: readonly Code[], causes: readonly Code[]): boolean =>
  first === undefined ? causes.length === 0 : causes.includes(first);

function sameInJson(said: Said, database: string, state: Told): boolean {
  const { streams } = JSON.parse(said.json) as { streams: { database: string; state: string }[] };
  return streams.find((one) => one.database === database)?.state === state;
}

/** Doctor says so whenever plan would change something, whatever the cause is. */
const OPEN = 'CHANGES_OPEN';

function ofPlanAndDoctor(said: Said, { causes, beside = [] }: Truth): string[] {
  const known = [...causes, ...beside];
  const [blocking, failing] = [blocks(said), failures(said).filter((code) => code !== OPEN)];
  const plans = (said.plan.result?.changes ?? []).length > 0;
  const foreign = (codes: readonly (typeof known)[number][]) => codes.filter((code) => !known.includes(code));
  return [
    ...(blocking.some((code) => known.includes(code)) || (blocking.length === 0 && plans)
      ? []
      : ['plan names no cause']),
    ...(foreign(blocking).length === 0 ? [] : [`plan: ${foreign(blocking).join(', ')}`]),
    ...(failing.some((code) => known.includes(code)) || (failing.length === 0 && plans)
      ? []
      : ['doctor names no cause']),
    ...(foreign(failing).length === 0 ? [] : [`doctor: ${foreign(failing).join(', ')}`]),
    ...(said.plan.exit === 0 ? ['plan ends with 0'] : []),
  ];
}

/** Text that was wrapped, on one line. */
export const flat = (text: string): string => text.replace(/\s+/g, ' ');
