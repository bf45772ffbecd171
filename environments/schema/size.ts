import { parseSize, SIZE } from '../../contract/size';
import { textWith } from './refined';

/** Bytes with their unit, which a limit is stated in. */
export const sizeText = (description: string) =>
  textWith(
    [
      {
        code: 'BAD_SIZE',
        accepts: (value) => parseSize(value) !== null,
        seen: (value) => `"${value}" is not a size.`,
        why: 'A number without its unit could be meant as another limit.',
        next: 'Write a number and its unit, as in 50GB or 64GiB.',
      },
    ],
    { description, pattern: SIZE },
  );
