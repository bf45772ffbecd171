import { createHash } from 'node:crypto';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { strToU8, zipSync } from 'fflate';

export interface ReleaseServer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
  /** Answers instead of the file. */
  readonly answer?: (body: Uint8Array, response: ServerResponse, request: IncomingMessage) => void;
}

/** A server with the layout of releases.hashicorp.com, for files by their names. */
export async function serveReleases(
  version: string,
  files: Readonly<Record<string, Uint8Array>>,
  { tls, answer }: ServerOptions = {},
): Promise<ReleaseServer> {
  const asked: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url ?? '');
    const [, name = ''] = new RegExp(`^/terraform/${version}/([^/]+)$`).exec(request.url ?? '') ?? [];
    const body = files[name];
    if (body === undefined) response.writeHead(404).end();
    else if (answer !== undefined) answer(body, response, request);
    else response.end(body);
  };
  const server = tls === undefined ? createPlainServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** As released, only stored instead of compressed where that would take long. */
export function zipOf(binary: Uint8Array, level: 0 | 9 = 9): Uint8Array {
  return zipSync({ 'LICENSE.txt': strToU8('terms'), terraform: [binary, { level }] });
}

/** A terraform that only knows its version. */
export function fakeTerraform(version: string): Uint8Array {
  return strToU8(`#!/bin/sh\necho '{"terraform_version":"${version}"}'\n`);
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
