/** JSON laid out for reading: only white space changes, so numbers keep every digit they have. */

const indent = '  ';
const opens = '{[';
const closes = '}]';

/** The text indented by two spaces, or null when it is not JSON. */
export function prettyJson(text: string): string | null {
  return isStructuredJson(text) ? layOut(text) : null;
}

/** Whether the text is a JSON object or array; a bare number or word is better read as text. */
function isStructuredJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON: an answer, not a failure.
    return false;
  }
}

function layOut(text: string): string {
  const out: string[] = [];
  let depth = 0;
  for (const token of text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []) {
    if (closes.includes(token)) {
      depth -= 1;
      const empty = opens.includes(out.at(-1) ?? ' ');
      out.push(empty ? token : `\n${indent.repeat(depth)}${token}`);
      continue;
    }
    if (opens.includes(out.at(-1) ?? ' ')) out.push(`\n${indent.repeat(depth)}`);
    if (opens.includes(token)) depth += 1;
    out.push(token === ':' ? ': ' : token === ',' ? `,\n${indent.repeat(depth)}` : token);
  }
  return out.join('');
}
