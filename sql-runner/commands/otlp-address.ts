import { isProtected } from './webhook-address';

export const HEADERS_VARIABLE = 'OTEL_EXPORTER_OTLP_HEADERS';

/** @returns what is wrong with an address of a receiver; null: nothing */
export function wrongOtlpEndpoint(address: string): string | null {
  if (!URL.canParse(address)) return 'is no URL';
  const url = new URL(address);
  if (url.username !== '' || url.password !== '')
    return `has a login in it: a header of ${HEADERS_VARIABLE} is the place for one`;
  return isProtected(url) ? null : 'is not https: whoever is on the way could read and change what is sent';
}
