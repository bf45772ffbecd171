import { z } from 'zod';
import { FOLLOWING_DDL } from '../../contract/contract';

/** @param what which statements, and what is so without it */
export const ddlMode = (what: string) =>
  z
    .enum([...FOLLOWING_DDL, 'off'])
    .optional()
    .meta({
      description: `What becomes of DDL ${what} apply: event triggers on the source write it down, and what is on a list of statements is carried out on the clone, at its place among the rows; whatever is not stops the stream before it. record: it is written down. off: nothing is made on the source.`,
    });
