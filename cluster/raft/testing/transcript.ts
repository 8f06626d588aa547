/**
 * Test support: a transcript is text with commands, each followed by `----` and what it printed.
 * Replaying gives the same text, or a difference to review.
 */

interface Block {
  readonly comments: readonly string[];
  readonly command: string;
}

/** The transcript as `run` would have it today. Comments and commands are kept, outputs are replaced. */
export function replay(text: string, run: (command: string) => string): string {
  return parse(text)
    .map(({ comments, command }) => {
      const output = run(command);
      return [...comments, command, '----', ...(output === '' ? [] : [output]), ''].join('\n');
    })
    .join('\n');
}

function parse(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const paragraph of text.split(/\n\n+/)) {
    const lines = paragraph.split('\n').filter((line) => line !== '');
    const comments = lines.filter((line) => line.startsWith('#'));
    const rest = lines.filter((line) => !line.startsWith('#'));
    const end = rest.indexOf('----');
    const command = rest.slice(0, end === -1 ? rest.length : end).join('\n');
    if (command !== '') blocks.push({ comments, command });
  }
  return blocks;
}
