import type { Body } from '../endpoint/api.ts';
import { isVisible, parseDecimal } from '../message/chars.ts';

/** Kinds of messages of RFC 3842 section 3.5 (RFC 3458 has their meaning). */
export const MESSAGE_CLASSES = ['voice', 'fax', 'pager', 'multimedia', 'text', 'none'] as const;
export type MessageClass = (typeof MESSAGE_CLASSES)[number];

export interface MessageCounts {
  readonly new: number;
  readonly old: number;
  /** Of these, the urgent ones; 0 where nothing is said. */
  readonly newUrgent: number;
  readonly oldUrgent: number;
}

/** The body of the event package `message-summary` (RFC 3842). */
export interface MessageSummary {
  /** What the lamp shows. It is not worked out of the counts: a mailbox may have only old messages. */
  readonly waiting: boolean;
  /** A URI, or what the peer takes for one. */
  readonly account?: string;
  readonly counts: Readonly<Partial<Record<MessageClass, MessageCounts>>>;
}

export const messageSummaryType = 'application/simple-message-summary';

/** Longer bodies have headers of messages in them, which nobody reads here. */
const mostOctets = 16_384;
const greatestCount = 0xffff_ffff;
const longestAccount = 512;

/**
 * Reads up to the first empty line; headers of single messages follow it. `undefined` where Messages-Waiting is missing or
 * neither yes nor no; an account or counts that cannot be read are left out.
 */
export function parseMessageSummary(bytes: Uint8Array): MessageSummary | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, mostOctets)).toString(
    'utf8',
  );
  let waiting: boolean | undefined;
  let account: string | undefined;
  const counts: Partial<Record<MessageClass, MessageCounts>> = {};
  for (const line of text.split(/\r\n|\n/)) {
    if (line.trim() === '') {
      // Some begin with an empty line.
      if (waiting === undefined) continue;
      break;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'messages-waiting') waiting ??= yesOrNo(value);
    else if (name === 'message-account') account ??= value;
    const kind = MESSAGE_CLASSES.find((known) => name === (known === 'none' ? known : `${known}-message`));
    if (kind !== undefined && counts[kind] === undefined) {
      const read = parseCounts(value);
      if (read !== undefined) counts[kind] = read;
    }
  }
  if (waiting === undefined) return undefined;
  return { waiting, ...(account !== undefined && isAccount(account) && { account }), counts };
}

function isAccount(text: string): boolean {
  return text !== '' && text.length <= longestAccount && isVisible(text);
}

function yesOrNo(value: string): boolean | undefined {
  const word = value.toLowerCase();
  return word === 'yes' || word === 'no' ? word === 'yes' : undefined;
}

/** `new/old (new-urgent/old-urgent)`, white space anywhere between. */
function parseCounts(value: string): MessageCounts | undefined {
  const match = /^(\d+)\s*\/\s*(\d+)(?:\s*\(\s*(\d+)\s*\/\s*(\d+)\s*\))?$/.exec(value);
  if (match === null) return undefined;
  const [fresh, old, newUrgent, oldUrgent] = match
    .slice(1)
    .map((digits: string | undefined) => parseDecimal(digits ?? '0', greatestCount));
  if (fresh === undefined || old === undefined || newUrgent === undefined || oldUrgent === undefined) {
    return undefined;
  }
  return { new: fresh, old, newUrgent, oldUrgent };
}

/** Counts of a class are written with their urgent part. */
export function formatMessageSummary(summary: MessageSummary): Body {
  const lines = [`Messages-Waiting: ${summary.waiting ? 'yes' : 'no'}`];
  if (summary.account !== undefined) {
    lines.push(`Message-Account: ${summary.account.replaceAll(/[\r\n]+/g, ' ')}`);
  }
  for (const kind of MESSAGE_CLASSES) {
    const counts = summary.counts[kind];
    if (counts === undefined) continue;
    const [first = ''] = kind;
    const word = first.toUpperCase() + kind.slice(1);
    const name = kind === 'none' ? word : `${word}-Message`;
    lines.push(`${name}: ${counts.new}/${counts.old} (${counts.newUrgent}/${counts.oldUrgent})`);
  }
  return { contentType: messageSummaryType, bytes: Buffer.from(`${lines.join('\r\n')}\r\n`) };
}
