/** The statements that the text of schema prints for the clone, as somebody would copy them. */
export function printedStatements(text: string): string[] {
  const blocks = [
    ...text.matchAll(
      /^ {6}On the clone, [^\n]*(?:\n {8}[^\n]*)*:\n([\s\S]*?)(?=\n\n(?: {2}[-+~] |Not compared|Database|Roles|\n|[0-9])|\n\n$)/gm,
    ),
  ].map(([, block]) => block!);
  return blocks.flatMap((block) => (block.includes('$') ? [block] : block.split(/(?<=;)\n(?! )/)));
}
