/** The links of the picture: what carries, what is idle, what is cut and in which direction. */

import { unreachable } from '../../../cluster/base/assert.ts';
import { useFormats } from '../use-formats.ts';
import type { Link, LinkState } from './links.ts';
import { along, between, type Point } from './ring-geometry.ts';

/** How far the two directions of a link are apart when they differ. */
const apart = 7;

export function LinkLine(props: {
  readonly link: Link;
  readonly a: Point;
  readonly b: Point;
  readonly showTime: boolean;
}) {
  const { link, a, b } = props;
  const { duration } = useFormats();
  if (link.forth !== link.back) {
    return (
      <g>
        <OneWay from={a} to={b} state={link.forth} />
        <OneWay from={b} to={a} state={link.back} />
      </g>
    );
  }
  const line = between(a, b, 0);
  const middle = along(line, 0.5);
  return (
    <g>
      <Stroke line={line} state={link.forth} strong={link.ofLeader} />
      {link.forth === 'cut' && <Cross at={middle} />}
      {props.showTime && link.roundTripMs !== null && (
        <TimeLabel at={middle} text={duration(link.roundTripMs)} />
      )}
    </g>
  );
}

function OneWay(props: { readonly from: Point; readonly to: Point; readonly state: LinkState }) {
  const line = between(props.from, props.to, apart);
  return (
    <g>
      <Stroke line={line} state={props.state} strong={false} />
      <Arrow line={line} state={props.state} />
      {props.state === 'cut' && <Cross at={along(line, 0.5)} />}
    </g>
  );
}

interface Line {
  readonly from: Point;
  readonly to: Point;
}

function Stroke(props: { readonly line: Line; readonly state: LinkState; readonly strong: boolean }) {
  const { from, to } = props.line;
  return (
    <line
      x1={from.x}
      y1={from.y}
      x2={to.x}
      y2={to.y}
      strokeLinecap="round"
      {...strokeOf(props.state, props.strong)}
    />
  );
}

function strokeOf(state: LinkState, strong: boolean) {
  switch (state) {
    case 'live':
      return strong
        ? { stroke: 'var(--accent)', strokeWidth: 2.25 }
        : { stroke: 'var(--line-strong)', strokeWidth: 1.25 };
    case 'idle':
      return { stroke: 'var(--line-strong)', strokeWidth: 1.25, opacity: 0.55 };
    case 'cut':
      return { stroke: 'var(--bad)', strokeWidth: 1.75, strokeDasharray: '6 6' };
    case 'unknown':
      return { stroke: 'var(--line-strong)', strokeWidth: 1.25, strokeDasharray: '1 6', opacity: 0.8 };
    default:
      return unreachable(state);
  }
}

function Arrow({ line, state }: { readonly line: Line; readonly state: LinkState }) {
  const degrees = (Math.atan2(line.to.y - line.from.y, line.to.x - line.from.x) * 180) / Math.PI;
  const color = state === 'cut' ? 'var(--bad)' : 'var(--ink-2)';
  return (
    <path
      d="M0 0 L-9 -4.5 L-9 4.5 Z"
      fill={color}
      transform={`translate(${line.to.x} ${line.to.y}) rotate(${degrees})`}
    />
  );
}

function Cross({ at }: { readonly at: Point }) {
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <circle r="9" fill="var(--bad-soft)" stroke="var(--bad)" strokeWidth="1.25" />
      <path
        d="M-3.5 -3.5 L3.5 3.5 M3.5 -3.5 L-3.5 3.5"
        stroke="var(--bad)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </g>
  );
}

function TimeLabel({ at, text }: { readonly at: Point; readonly text: string }) {
  return (
    <text
      x={at.x}
      y={at.y}
      dy="0.35em"
      textAnchor="middle"
      fontSize="11"
      fill="var(--ink-2)"
      stroke="var(--surface)"
      strokeWidth="6"
      paintOrder="stroke"
      className="font-mono"
    >
      {text}
    </text>
  );
}
