import { describe, expect, test } from 'vitest';
import { parseMessage } from '../message/parse.ts';
import { listVectors, readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import { formatMessageSummary, parseMessageSummary } from './message-summary.ts';
import type { MessageCounts, MessageSummary } from './message-summary.ts';

const counts = (fresh: number, old: number, newUrgent = 0, oldUrgent = 0): MessageCounts => ({
  new: fresh,
  old,
  newUrgent,
  oldUrgent,
});

const folder = 'xml-events/mwi-rfc3842';
const isAbsent = vectorsAbsent(folder);

/** What each body says, by its file. */
const EXPECTED: Readonly<Record<string, MessageSummary | undefined>> = {
  'body-own-account-without-scheme.txt': { waiting: true, account: '8001', counts: { voice: counts(1, 0) } },
  'body-own-empty.txt': undefined,
  'body-own-extra-space-and-tab.txt': { waiting: true, counts: { voice: counts(2, 8, 0, 2) } },
  'body-own-lf-only.txt': { waiting: true, counts: { voice: counts(2, 8, 0, 2) } },
  'body-own-lowercase-header.txt': { waiting: true, counts: { voice: counts(1, 0) } },
  'body-own-minimal-no.txt': { waiting: false, counts: {} },
  'body-own-minimal-yes.txt': { waiting: true, counts: {} },
  'body-own-multi-class.txt': {
    waiting: true,
    account: 'sip:8001@osv.example.com',
    counts: {
      voice: counts(2, 8, 0, 2),
      fax: counts(1, 0),
      pager: counts(0, 0),
      multimedia: counts(0, 0),
      text: counts(5, 0, 1, 0),
      none: counts(0, 0),
    },
  },
  'body-own-no-final-crlf.txt': { waiting: true, counts: { voice: counts(2, 8, 0, 2) } },
  'body-own-no-urgent-part.txt': { waiting: true, counts: { voice: counts(3, 1) } },
  'body-own-waiting-no-but-count.txt': { waiting: false, counts: { voice: counts(0, 4) } },
};

describe.skipIf(isAbsent)('vectors', () => {
  test('[RFC3842-3.5] there is an expectation for every body', () => {
    expect(
      listVectors(folder, '.txt')
        .filter((name) => name !== 'SOURCE.txt')
        .toSorted(),
    ).toEqual(Object.keys(EXPECTED).toSorted());
  });

  test.each(Object.keys(EXPECTED))('[RFC3842-3.5] %s', (name) => {
    expect(parseMessageSummary(readVector(`${folder}/${name}`))).toEqual(EXPECTED[name]);
  });

  test.each([
    ['A03-notify-sync.sip', counts(2, 8, 0, 2)],
    ['A05-notify-new-with-headers.sip', counts(4, 8, 1, 2)],
    ['A13-notify-terminated.sip', counts(4, 8, 1, 2)],
  ])('[RFC3842-4.1] the example %s', (name, voice) => {
    const message = parseMessage(readVector(`${folder}/${name}`));
    const body = message.kind === 'fault' ? new Uint8Array() : message.body;
    expect(parseMessageSummary(body)).toEqual({
      waiting: true,
      account: 'sip:alice@vmail.example.com',
      counts: { voice },
    });
  });
});

test.each([
  ['Voice-Message: 1/0', undefined],
  ['Messages-Waiting: maybe', undefined],
  ['Messages-Waiting yes', undefined],
  ['\r\nMessages-Waiting: yes', { waiting: true, counts: {} }],
  ['Messages-Waiting: yes\r\nVoice-Message: 1', { waiting: true, counts: {} }],
  ['Messages-Waiting: yes\r\nVoice-Message: 1/4294967296', { waiting: true, counts: {} }],
  ['Messages-Waiting: yes\r\nVoice-Message: 1/2 (3)', { waiting: true, counts: {} }],
  ['Messages-Waiting: yes\r\nMessage-Account: a b', { waiting: true, counts: {} }],
  [`Messages-Waiting: yes\r\nMessage-Account: ${'a'.repeat(513)}`, { waiting: true, counts: {} }],
  ['Messages-Waiting: no\r\nMessages-Waiting: yes', { waiting: false, counts: {} }],
  ['Messages-Waiting: yes\r\n\r\nVoice-Message: 1/2', { waiting: true, counts: {} }],
])('[RFC3842-5.2] %j', (text, expected) => {
  expect(parseMessageSummary(Buffer.from(text))).toEqual(expected);
});

test('[RFC3842-5.2] writing and reading are inverse', () => {
  const summary: MessageSummary = {
    waiting: true,
    account: 'sip:a@b',
    counts: { voice: counts(1, 2, 3, 4), none: counts(5, 6) },
  };
  const body = formatMessageSummary(summary);
  expect(body.contentType).toBe('application/simple-message-summary');
  expect(Buffer.from(body.bytes).toString()).toBe(
    'Messages-Waiting: yes\r\nMessage-Account: sip:a@b\r\nVoice-Message: 1/2 (3/4)\r\nNone: 5/6 (0/0)\r\n',
  );
  expect(parseMessageSummary(body.bytes)).toEqual(summary);
  const injected = formatMessageSummary({ waiting: false, account: 'x\r\nVoice-Message: 9/9', counts: {} });
  expect(parseMessageSummary(injected.bytes)).toEqual({ waiting: false, counts: {} });
});

test('no more is read of a body than its bound', () => {
  const body = Buffer.from(`Messages-Waiting: yes\n${'x: y\n'.repeat(10_000)}Voice-Message: 1/0\n`);
  expect(parseMessageSummary(body)).toEqual({ waiting: true, counts: {} });
});
