import { notCarriedOut, notListed } from './not-carried-out';
import { ON_OTHER_MAJORS } from './other-majors';
import { recorded } from './record';

/**
 * After the last test of a whole run: every text with SQL, a command or a setting
 * that the product can print was printed by a real server and carried out. A part
 * of a run cannot tell.
 *
 * @returns each text that was not
 */
export function adviceNotCarriedOut(): string[] {
  const done = recorded(process.env.ADVICE_RECORD!);
  const left = notCarriedOut(done);
  const elsewhere = Object.values(ON_OTHER_MAJORS).flat();
  return [
    ...left.filter((text) => !elsewhere.includes(text)),
    ...notListed(done).map((text) => `not on the list: ${text}`),
    ...elsewhere.filter((text) => !left.includes(text)).map((text) => `of another major: ${text}`),
  ];
}
