import type { handleUnaryCall, Server, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

import { decodeMessage, encodeMessage } from './messages';

/** One remote procedure: how its request and response are called in messages.ts, and what answers it. */
export interface Procedure {
  readonly request: string;
  readonly response: string;
  readonly handle: (request: never) => object | Promise<object>;
}

/** Serves the procedures under `/<service>/<name>`; a handler that throws ends the call with INTERNAL. */
export function addService(server: Server, service: string, procedures: Readonly<Record<string, Procedure>>): void {
  const definition: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const [name, { request, response, handle }] of Object.entries(procedures)) {
    definition[name] = {
      path: `/${service}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message: object) => encodeMessage(request, message),
      requestDeserialize: (bytes) => decodeMessage(request, bytes),
      responseSerialize: (message: object) => encodeMessage(response, message),
      responseDeserialize: (bytes) => decodeMessage(response, bytes),
    };
    const answer: handleUnaryCall<unknown, object> = (call, done) => {
      Promise.resolve()
        .then(() => handle(call.request as never))
        .then((message) => done(null, message), done);
    };
    implementation[name] = answer;
  }
  server.addService(definition, implementation);
}
