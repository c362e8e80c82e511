import { createRequire } from 'node:module';
import { header, headerValues, parseMessage, parseNameAddr, parseUri, serialise, topVia } from '@offhook/sip';
import type { SipMessage } from '@offhook/sip';
import { Parser } from 'sip.js/lib/core/messages/parser.js';
import { inviteOfCall, typicalInvite } from './invite.ts';
import { runMeasure } from './measure.ts';
import { figureOf, rate, row } from './statistics.ts';

interface JsSipParser {
  parseMessage(data: string, ua: object): { readonly method?: string } | undefined;
}
const jssip = createRequire(import.meta.url)('jssip/lib/Parser.js') as JsSipParser;

const complain = (...words: unknown[]): void => console.error(...words);
const logger = { warn: complain, error: complain } as unknown as Parameters<typeof Parser.parseMessage>[1];

/** Of many calls: no parser may live on having seen the very same message a moment ago. */
const invites = Array.from({ length: 256 }, (_, call) => inviteOfCall(call));
let last = 0;

function nextInvite(): Uint8Array {
  last = (last + 1) % invites.length;
  return invites[last] ?? typicalInvite;
}

function text(): string {
  const octets = nextInvite();
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}

function ours(): SipMessage {
  const message = parseMessage(nextInvite());
  if (message.kind === 'fault') throw new Error(message.text);
  return message;
}

/** What both libraries have taken apart when their parser returns. */
function takenApart(): number {
  const message = ours();
  const addresses = [header(message, 'from'), header(message, 'to')];
  addresses.push(...headerValues(message, 'contact'), ...headerValues(message, 'record-route'));
  let parts = topVia(message)?.params.size ?? 0;
  for (const address of addresses) {
    const parsed = parseNameAddr(address ?? '');
    parts += parseUri(parsed?.uri ?? '') === undefined ? 0 : 1;
  }
  return parts;
}

/** Calls before the clock is read, so that reading it costs nothing. */
const batch = 20;

function repeat(work: () => unknown): () => number {
  return () => {
    for (let index = 0; index < batch; index += 1) {
      if (work() === undefined) throw new Error('the typical INVITE was not read');
    }
    return batch;
  };
}

const megabytes = (values: readonly number[]) => values.map((value) => (value * typicalInvite.length) / 1e6);

/** Messages per second of CPU: parsing the same octets by three parsers in turn, and serialising. */
await runMeasure(({ isQuick, runs }) => {
  const message = ours();
  const works = {
    ours: repeat(ours),
    takenApart: repeat(takenApart),
    sipJs: repeat(() => Parser.parseMessage(text(), logger)),
    jsSip: repeat(() => jssip.parseMessage(text(), {})),
    serialise: repeat(() => serialise(message)),
  };
  const milliseconds = isQuick ? 300 : 2_000;
  const rates = { ours: [], takenApart: [], sipJs: [], jsSip: [], serialise: [] } as Record<
    keyof typeof works,
    number[]
  >;
  for (const work of Object.values(works)) rate(milliseconds, work);
  // In turn, so that what else the machine does meets all of them alike.
  for (let run = 0; run < runs; run += 1) {
    for (const [name, work] of Object.entries(works)) {
      rates[name as keyof typeof works].push(rate(milliseconds, work));
    }
  }
  const theirs = figureOf(rates.sipJs).median > figureOf(rates.jsSip).median ? rates.sipJs : rates.jsSip;
  const ratios = (values: readonly number[]) => values.map((value, run) => value / (theirs[run] ?? value));
  return [
    row('parse_msgs_per_s', `parse an INVITE of ${typicalInvite.length} octets`, 'messages/s', rates.ours),
    row('parse_mb_per_s', 'the same', 'MB/s', megabytes(rates.ours)),
    row('parse_apart_msgs_per_s', 'and take Via, addresses and URIs apart', 'messages/s', rates.takenApart),
    row('sip_js_msgs_per_s', 'sip.js: parse', 'messages/s', rates.sipJs),
    row('jssip_msgs_per_s', 'jssip: parse', 'messages/s', rates.jsSip),
    row('parse_ratio', 'parse, over the faster library', 'times', ratios(rates.ours)),
    row(
      'parse_apart_ratio',
      'parse and take apart, over the faster library',
      'times',
      ratios(rates.takenApart),
    ),
    row('serialise_msgs_per_s', 'serialise it', 'messages/s', rates.serialise),
    row('serialise_mb_per_s', 'the same', 'MB/s', megabytes(rates.serialise)),
  ];
});
