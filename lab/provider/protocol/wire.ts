import { decodeCty, encodeCty } from '../cty/codec';
import { isCtyObject, type CtyObject } from '../cty/type';
import { diagnosticMessage, problemOf, type Problem } from '../diagnostics';
import { impliedType, type BlockSchema } from '../schema/model';
import { stateAfter } from '../state';

import type { Procedure } from './services';

/** A DynamicValue message. */
export interface Wire {
  readonly msgpack?: Uint8Array;
}
/** What most requests begin with. */
export interface Typed {
  readonly typeName: string;
}

/** Anything thrown becomes a diagnostic: a failed call would show people a gRPC status instead. */
export function procedure<T>(
  request: string,
  response: string,
  handle: (request: T) => object | Promise<object>,
): Procedure {
  return {
    request,
    response,
    handle: async (message: T): Promise<object> => {
      try {
        return await handle(message);
      } catch (error) {
        return { diagnostics: [diagnosticMessage(problemOf(error))] };
      }
    },
  };
}

/** A response that is nothing but problems; none is success. */
export const diagnosticsOf = (problems: readonly Problem[]): object => ({
  diagnostics: problems.map(diagnosticMessage),
});

export const encode = (schema: BlockSchema, value: CtyObject | null): object => ({
  msgpack: encodeCty(value, impliedType(schema)),
});

/** null for a resource that does not exist (yet, or any more). */
export function decodeNullable(schema: BlockSchema, wire: Wire): CtyObject | null {
  const value = decodeCty(wire.msgpack ?? new Uint8Array([0xc0]), impliedType(schema));
  return isCtyObject(value) ? value : null;
}

export const decode = (schema: BlockSchema, wire: Wire): CtyObject =>
  decodeNullable(schema, wire) ?? emptyValue(schema);
const emptyValue = (schema: BlockSchema): CtyObject => stateAfter(schema, {}, {});
