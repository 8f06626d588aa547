/** A failure as one self-contained page: a lane for each process, a bar for each operation, and the same in words. */
import type { Failure, ShownOperation } from '../failure.ts';
import { layOut, type PlacedBar, type PlacedLane } from './layout.ts';
import { pageStyle } from './style.ts';

/** The page as HTML. `title` names the history. */
export function drawFailure(failure: Failure, title: string): string {
  const heading = `Not linearizable: ${title}${failure.key === null ? '' : `, ${failure.key}`}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(heading)}</title>
<style>${pageStyle}</style>
</head>
<body>
<h1>${escaped(heading)}</h1>
<p class="summary">${escaped(sentence(failure.summary))}</p>
${timeline(failure)}
<p class="legend"><span class="key effect"></span> has a place in the longest order found, its number says which
 <span class="key none"></span> has none <span class="key culprit"></span> fits no order
 <span class="key open"></span> outcome unknown, or still open: it may take effect at any later time, or never</p>
<h2>Possible states</h2>
<p>Before the first of these operations: ${list(failure.statesBefore)}. When nothing went on: ${list(failure.statesAtFailure)}.</p>
<h2>The longest order found</h2>
${orderInWords(failure)}
<h2>All operations shown</h2>
${table(failure)}
</body>
</html>
`;
}

function timeline(failure: Failure): string {
  const { lanes, bars, width, height } = layOut(failure);
  return `<div class="scroll"><svg role="img" aria-label="${escaped(`Timeline of ${bars.length} operations by ${lanes.length} processes; the table below says the same.`)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${lanes.map((lane) => drawnLane(lane, width)).join('\n')}
${bars.map((bar) => drawnBar(bar, failure)).join('\n')}
</svg></div>`;
}

function drawnLane({ process, y, middle }: PlacedLane, width: number): string {
  return `<g class="lane"><line x1="0" x2="${width}" y1="${middle}" y2="${middle}"/><text x="8" y="${y - 4}">process ${escaped(process)}</text></g>`;
}

function drawnBar({ operation, x, y, width, height, isOpen, at }: PlacedBar, failure: Failure): string {
  const place = failure.order.indexOf(at);
  const kind = operation.isCulprit ? 'culprit' : place === -1 ? 'none' : 'effect';
  const number = place === -1 ? '' : `${place + 1}. `;
  return `<g class="bar ${kind}${isOpen ? ' open' : ''}" tabindex="0"><title>${escaped(details(operation, place))}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/><text x="${x + 6}" y="${y + height / 2 + 4}">${escaped(`${number}${operation.text}`)}</text></g>`;
}

function details(operation: ShownOperation, place: number): string {
  const { process, text, calledMs, returnedMs } = operation;
  const times =
    calledMs === null || returnedMs === null
      ? ''
      : `, ${calledMs.toFixed(3)} ms to ${returnedMs.toFixed(3)} ms (${(returnedMs - calledMs).toFixed(3)} ms)`;
  const fate = operation.isCulprit
    ? 'fits no order'
    : place === -1
      ? 'has no place in the order'
      : `takes effect as number ${place + 1}`;
  return `process ${process}: ${text}\n${outcomeOf(operation)}${times}\n${operation.place}\n${fate}`;
}

const outcomeOf = ({ returnedAt }: ShownOperation): string =>
  returnedAt === null ? 'open or unknown' : 'completed';

function orderInWords({ order, window }: Failure): string {
  if (order.length === 0) return '<p>None: not even one operation could take effect.</p>';
  const items = order.map((at) => window[at]).filter((operation) => operation !== undefined);
  return `<ol>${items.map(({ process, text }) => `<li>${escaped(`process ${process}: ${text}`)}</li>`).join('')}</ol>`;
}

function table({ window, order }: Failure): string {
  const rows = window.map((operation, at) => {
    const place = order.indexOf(at);
    const cells = [
      operation.process,
      operation.text,
      outcomeOf(operation),
      operation.isCulprit ? 'fits no order' : place === -1 ? '–' : String(place + 1),
      operation.place,
    ];
    return `<tr${operation.isCulprit ? ' class="culprit"' : ''}>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  });
  const heads = ['process', 'operation', 'outcome', 'place in the order', 'recorded at'];
  return `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

const list = (texts: readonly string[]): string =>
  texts.map((text) => `<code>${escaped(text)}</code>`).join(', ');

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
