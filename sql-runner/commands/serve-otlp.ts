import { CommanderError } from 'commander';
import type { Live } from '../actions/live';
import { OtlpPush } from '../events/otlp-push';
import { keepSecret } from '../explain/redaction';
import { otlpMetrics } from '../render/otlp-metrics';
import { HEADERS_VARIABLE } from './otlp-address';

const PATH = '/v1/metrics';
const LONGEST_MS = 60_000;

/** @param interval seconds between two looks; a receiver is told each of them, but once a minute at least */
export function otlpPush(
  { otlpEndpoint, interval }: { readonly otlpEndpoint: string; readonly interval: number },
  live: Pick<Live, 'view'>,
  told: (line: string) => void,
): OtlpPush {
  const startedAt = Date.now();
  const compose = () => {
    const view = live.view();
    // Before the first look is over all would be said to be unhealthy, and somebody be woken at each start.
    return view.looks.seen + view.looks.unseen === 0 ? null : otlpMetrics(view, Date.now(), startedAt);
  };
  const every = Math.min(interval * 1_000, LONGEST_MS);
  return new OtlpPush(endpointOf(otlpEndpoint), headersOf(process.env[HEADERS_VARIABLE] ?? ''), compose, told, {
    every,
    firstWait: 1_000,
    longestWait: LONGEST_MS,
  });
}

/** As exporters take OTEL_EXPORTER_OTLP_ENDPOINT; an address that names the path is taken as it is. */
function endpointOf(address: string): URL {
  const url = new URL(address);
  if (!url.pathname.endsWith(PATH)) url.pathname = `${url.pathname.replace(/\/$/, '')}${PATH}`;
  return url;
}

/** `key=value,key=value`, percent-encoded, as the specification of the variable has it. */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  const headers = Object.fromEntries(pairs.map((pair) => headerOf(pair)));
  for (const value of Object.values(headers)) keepSecret(value);
  try {
    new Headers(headers);
  } catch {
    throw refused();
  }
  return headers;
}

function headerOf(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  try {
    if (at > 0) return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
  } catch {
    // It is told below, without the value.
  }
  throw refused();
}

/** As what the parser of the command line refuses; the values are secrets. */
const refused = (): CommanderError =>
  new CommanderError(
    1,
    'acas.otlpHeaders',
    `error: ${HEADERS_VARIABLE} is not key=value pairs, percent-encoded, with commas between`,
  );
