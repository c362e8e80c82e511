import type { TimelineEntry } from './timeline.ts';

/** One end of an arrow. */
export interface LadderPeer {
  readonly remote: string;
  readonly name: string;
}

export interface LadderOptions {
  readonly peerAt: (remote: string) => LadderPeer;
  /** The messages themselves, after the arrows. */
  readonly messages: boolean;
}

const HUB = 'PBX';
/** Letters of a column, and of the time before the first. */
const COLUMN = 30;
const MARGIN = 13;
/** More go together in the last column. */
const MOST_COLUMNS = 12;

/**
 * A ladder for people who have no page: participants as columns, messages as arrows, in the order of time.
 *
 * ```
 *                      101                       PBX                       201
 *              12:00:00.000 │── INVITE 201 ───────────►│                         │
 * ```
 */
export function ladderText(entries: readonly TimelineEntry[], options: LadderOptions): string {
  if (entries.length === 0) return 'No message.\n';
  const columns = columnsOf(entries, options);
  const lanes = columns.map((_, index) => MARGIN + COLUMN * index + COLUMN / 2);
  const head = blank(lanes);
  for (const [index, name] of columns.entries()) {
    const shown = name.slice(0, COLUMN - 2);
    write(head, (lanes[index] ?? 0) - Math.floor(shown.length / 2), shown);
  }
  const rows = entries.map((entry) => arrowRow(entry, columns, lanes, options));
  const ladder = [head.join('').trimEnd(), ...rows].join('\n');
  if (!options.messages) return `${ladder}\n`;
  const messages = entries.map((entry) => {
    const { name } = options.peerAt(entry.remote);
    const way = entry.direction === 'in' ? `${name} → ${HUB}` : `${HUB} → ${name}`;
    const head = `── ${clock(entry.at)} ${way} (${entry.transport} ${entry.remote})`;
    return `${head}\n${entry.text.replaceAll('\r\n', '\n').trimEnd()}`;
  });
  return `${ladder}\n\n${messages.join('\n\n')}\n`;
}

/** Who began stands on the left of the PBX, everybody else on its right, applications last. */
function columnsOf(entries: readonly TimelineEntry[], { peerAt }: LadderOptions): readonly string[] {
  const names = (protocol: TimelineEntry['protocol']) => [
    ...new Set(
      entries.filter((entry) => entry.protocol === protocol).map(({ remote }) => peerAt(remote).name),
    ),
  ];
  const [first, ...others] = names('sip');
  const left = first === undefined ? [] : [first];
  return [
    ...left,
    HUB,
    ...others,
    ...names('csta').filter((name) => name !== first && !others.includes(name)),
  ].slice(0, MOST_COLUMNS);
}

function arrowRow(
  entry: TimelineEntry,
  columns: readonly string[],
  lanes: readonly number[],
  { peerAt }: LadderOptions,
): string {
  const row = blank(lanes);
  for (const lane of lanes) row[lane] = '│';
  write(row, 0, clock(entry.at));
  const found = columns.indexOf(peerAt(entry.remote).name);
  const peer = lanes[found < 0 ? columns.length - 1 : found] ?? 0;
  const hub = lanes[columns.indexOf(HUB)] ?? 0;
  const [left, right] = [Math.min(peer, hub) + 1, Math.max(peer, hub) - 1];
  for (let at = left; at <= right; at += 1) row[at] = '─';
  const isRightwards = (entry.direction === 'in') === peer < hub;
  write(row, isRightwards ? right : left, isRightwards ? '►' : '◄');
  const label = ` ${entry.summary} `.slice(0, right - left - 3);
  // Beside the PBX, so that long arrows can be read like short ones.
  write(row, peer < hub ? right - 2 - label.length : left + 2, label);
  return row.join('').trimEnd();
}

function blank(lanes: readonly number[]): string[] {
  return Array.from({ length: (lanes.at(-1) ?? 0) + COLUMN / 2 }, () => ' ');
}

function write(row: string[], at: number, text: string): void {
  for (const [index, letter] of text.split('').entries()) row[Math.max(0, at) + index] = letter;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
