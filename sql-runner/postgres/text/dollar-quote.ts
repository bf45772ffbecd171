/** A dollar-quoted string constant whose tag does not occur in the text. */
export function dollarQuote(text: string): string {
  let tag = '$acas$';
  for (let n = 1; text.includes(tag.slice(0, -1)); n += 1) tag = `$acas${n}$`;
  return `${tag}${text}${tag}`;
}
