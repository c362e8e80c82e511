import { SeededRandom } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { mutate } from '../fuzz/mutate.ts';
import { diversions, formatDiversion, parseDiversion } from './diversion.ts';
import { withFields } from './fields.test-support.ts';
import { formatHistoryEntry, historyInfo, parseHistoryEntry } from './history-info.ts';
import { assertedIdentities } from './identity.ts';
import { hasComeRound, loopMark, loopMarks } from './loop.ts';
import { onward } from './onward.ts';
import { privacyOf } from './privacy.ts';
import { redirections } from './redirections.ts';
import { formatReferTo, parseReferredBy, parseReferTo, referSub } from './refer.ts';
import { formatRAck, parseRAck, rack, rseq } from './reliable.ts';
import { formatReplaces, parseReplaces, replacesOf } from './replaces.ts';
import { parseRoutes } from './routes.ts';
import { formatSessionExpires, minSe, parseSessionExpires, sessionExpires } from './session-timer.ts';
import {
  eventOf,
  formatEvent,
  formatSubscriptionState,
  parseEvent,
  parseSubscriptionState,
  subscriptionState,
} from './subscription.ts';

const SAMPLES: readonly (readonly [name: string, value: string])[] = [
  ['Replaces', 'a@b;to-tag=1;from-tag=2;early-only'],
  ['Refer-To', '"B" <sip:b@c;method=INVITE?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&Subject=x%20y>'],
  ['Referred-By', '"B" <sip:b@c>;cid="x@y"'],
  ['Refer-Sub', 'false'],
  ['Session-Expires', '1800;refresher=uac'],
  ['Min-SE', '90'],
  ['RSeq', '17'],
  ['RAck', '17 1 INVITE'],
  ['P-Asserted-Identity', '"A" <sip:a@b>, <tel:+49-89>'],
  ['Privacy', 'id;history'],
  ['Diversion', '<sip:a@b>;reason=user-busy;counter=1;privacy=full, <sip:c@d>;reason=away'],
  ['History-Info', '<sip:a@b>;index=1, <sip:c@d;cause=302?Reason=SIP%3Bcause%3D486>;index=1.1;mp=1'],
  ['Event', 'dialog;id=1;call-id="x"'],
  ['Subscription-State', 'terminated;reason=giveup;retry-after=10'],
  ['Max-Breadth', '60'],
  ['Offhook-Loop', '0123456789abcdef01234567, 0123456789abcdef01234568'],
  ['Path', '<sip:p1;lr>, <sips:p2;lr>'],
];

type Pair = readonly [before: unknown, after: unknown];

/** What was read, and what is read of it after it was written: both have to be the same. */
function pair<Value>(value: Value, again: (value: NonNullable<Value>) => unknown): Pair[] {
  return value === undefined || value === null ? [] : [[value, again(value)]];
}

function exercise(name: string, value: string): Pair[] {
  const message = withFields([name, value]);
  const replaces = replacesOf(message);
  const expires = sessionExpires(message);
  const mark = loopMark('key', message);
  // These are only not to throw.
  redirections(message);
  assertedIdentities(message);
  privacyOf(message);
  parseReferredBy(message);
  referSub(message);
  minSe(message);
  rseq(message);
  parseRoutes(message, 'path');
  onward(message, 3);
  hasComeRound(message, mark);
  loopMarks(message, mark);
  return [
    ...pair(replaces === 'malformed' ? undefined : replaces, (read) => parseReplaces(formatReplaces(read))),
    ...pair(parseReferTo(message)?.replaces, (read) => {
      const text = formatReferTo({ uri: 'sip:a@b', replaces: read });
      return parseReferTo(withFields(['Refer-To', text]))?.replaces;
    }),
    ...pair(expires === 'malformed' ? undefined : expires, (read) =>
      parseSessionExpires(formatSessionExpires(read)),
    ),
    ...pair(rack(message), (read) => parseRAck(formatRAck(read))),
    ...pair(eventOf(message)?.id, (read) => parseEvent(formatEvent({ package: 'x', id: read }))?.id),
    ...pair(subscriptionState(message), (read) => parseSubscriptionState(formatSubscriptionState(read))),
    ...diversions(message).flatMap((entry) => pair(entry, (read) => parseDiversion(formatDiversion(read)))),
    ...historyInfo(message).flatMap((entry) =>
      pair(entry.index, () => parseHistoryEntry(formatHistoryEntry(entry))?.index),
    ),
  ];
}

test.each([1, 2, 3, 4])('mutated values are read or refused, never worse (seed %i)', (seed) => {
  const random = new SeededRandom(seed);
  const corpus = SAMPLES.map(([, value]) => Buffer.from(value));
  let accepted = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const [name, value] = random.pick(SAMPLES);
    // A value is one unfolded line of bounded length, as the head reader gives it. (`quote` makes one space of NULs.)
    const text = Buffer.from(mutate(Buffer.from(value), random, corpus)).toString('latin1');
    const pairs = exercise(
      name,
      text
        .replaceAll(/[\r\n\0]+/g, ' ')
        .slice(0, 8_192)
        .trim(),
    );
    if (pairs.length > 0) accepted += 1;
    for (const [before, after] of pairs) expect(after).toEqual(before);
  }
  // Neither all refused nor all accepted: otherwise this would prove nothing.
  expect(accepted).toBeGreaterThan(300);
  expect(accepted).toBeLessThan(2_700);
});
