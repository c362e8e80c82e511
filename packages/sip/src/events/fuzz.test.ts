import { SeededRandom } from '@offhook/testkit';
import { formatXml, isXmlFault, parseXml } from '@offhook/xml';
import type { XmlElement, XmlNode } from '@offhook/xml';
import { expect, test } from 'vitest';
import { mutate } from '../fuzz/mutate.ts';
import { DialogInfoTable } from './dialog-info-table.ts';
import { formatDialogInfo, parseDialogInfo } from './dialog-info.ts';
import { formatMessageSummary, parseMessageSummary } from './message-summary.ts';
import { formatSipfrag, parseSipfrag } from './sipfrag.ts';

const XML = [
  '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" xmlns:v="urn:x"',
  ' version="3" state="full" entity="sip:a@b"><dialog id="1" call-id="c" direction="initiator"><state code="486">early</state>',
  '<remote><identity display="A &amp; &#252;">sip:a@b</identity><target uri="sip:a@c"><param pname="+sip.rendering" pval="no"/>',
  '</target></remote><v:x><![CDATA[<>]]></v:x></dialog><dialog id="2"><state>confirmed</state></dialog></dialog-info>',
].join('');

const SAMPLES = [
  XML,
  'Messages-Waiting: yes\r\nMessage-Account: sip:a@b\r\nVoice-Message: 2/8 (0/2)\r\nFax-Message: 1/0\r\n',
  'SIP/2.0 486 Busy Here\r\nWarning: 399 x "y"\r\nContact: <sip:a@b>\r\n\r\n',
].map((text) => Buffer.from(text));

function nodeOf(element: XmlElement): XmlNode {
  return {
    name: element.name,
    children: [element.text, ...element.children.map(nodeOf)],
  };
}

/** Names and texts, whatever the namespaces. */
function outline(element: XmlElement): unknown {
  return [element.name, element.text, element.children.map(outline)];
}

/** Escapes make what is written longer than what was read. */
const roomy = { octets: 1_000_000 };

type Pair = readonly [before: unknown, after: unknown];

/** What is read has to be the same after it was written. */
function exercise(bytes: Uint8Array): Pair[] {
  const pairs: Pair[] = [];
  const xml = parseXml(bytes);
  if (!isXmlFault(xml)) {
    const again = parseXml(formatXml(nodeOf(xml)), roomy);
    pairs.push([outline(xml), isXmlFault(again) ? again : outline(again)]);
  }
  const info = parseDialogInfo(bytes);
  if (info !== undefined && !('kind' in info)) {
    new DialogInfoTable(1).apply(info);
    const again = parseDialogInfo(formatDialogInfo(info).bytes, roomy) as typeof info;
    pairs.push([info.dialogs, again.dialogs]);
  }
  const summary = parseMessageSummary(bytes);
  if (summary !== undefined) pairs.push([summary, parseMessageSummary(formatMessageSummary(summary).bytes)]);
  const fragment = parseSipfrag(bytes);
  if (fragment !== undefined) {
    pairs.push([
      fragment.status,
      parseSipfrag(formatSipfrag(fragment.status, fragment.reason).bytes)?.status,
    ]);
  }
  return pairs;
}

test.each([1, 2, 3, 4])('mutated bodies are read or refused, never worse (seed %i)', (seed) => {
  const random = new SeededRandom(seed);
  let accepted = 0;
  for (let round = 0; round < 2_500; round += 1) {
    const pairs = exercise(mutate(random.pick(SAMPLES), random, SAMPLES));
    if (pairs.length > 0) accepted += 1;
    for (const [before, after] of pairs) expect(after).toEqual(before);
  }
  // Neither all refused nor all accepted: otherwise this would prove nothing.
  expect(accepted).toBeGreaterThan(250);
  expect(accepted).toBeLessThan(2_400);
});

/** Documents of the greatest length that are made to take long: one kind of thing as often as it goes. */
const LONG = [
  (count: number) => '<a>'.repeat(count),
  (count: number) => `<a>${'<b/>'.repeat(count)}</a>`,
  (count: number) => `<a>${'&amp;'.repeat(count)}</a>`,
  (count: number) => `<a>${'&'.repeat(count)}</a>`,
  (count: number) => `<a b="${'&#65;'.repeat(count)}"/>`,
  (count: number) => '<!--'.repeat(count),
  (count: number) => `<a>${'<!---->'.repeat(count)}</a>`,
  (count: number) => `<a ${'b="" '.repeat(count)}/>`,
  (count: number) => `<a${' '.repeat(count)}`,
  (count: number) => `<${'a'.repeat(count)}`,
  (count: number) => `<a>${']'.repeat(count)}<![CDATA[${']'.repeat(count)}`,
  (count: number) => `Messages-Waiting: yes\nVoice-Message: 1${' '.repeat(count)}x`,
  (count: number) => `SIP/2.0 200${' '.repeat(count)}`,
  (count: number) => '\r'.repeat(count),
];

test.each(LONG.map((make, index) => [index, make] as const))(
  'time grows with length and no faster (%i)',
  (_index, make) => {
    const exerciseOf = (octets: number) => {
      const bytes = Buffer.from(make(octets).slice(0, octets));
      const start = process.cpuUsage();
      exercise(bytes);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    exerciseOf(1_000);
    // A reader that is quadratic needs seconds for these.
    expect(exerciseOf(64 * 1024)).toBeLessThan(100);
  },
);
