import type { Policy } from './policy/policies';

/** As it is read and pasted; AWS counts no white space. */
export const fileText = ({ document }: Policy): string => `${JSON.stringify(document, null, 2)}\n`;
