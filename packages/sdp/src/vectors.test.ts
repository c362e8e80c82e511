import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BROWSER_RTP, isSdpFault, parseSdp, readAudio, serialiseSdp } from './index.ts';

/** Conformance data beside the repository; `OFFHOOK_VECTORS` names another place. */
const vectors =
  process.env['OFFHOOK_VECTORS'] ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));
const present = existsSync(join(vectors, 'sdp'));
if (!present) console.warn(`skipped: SDP vectors, for there is no ${vectors}; set OFFHOOK_VECTORS`);

const read = (folder: string): [name: string, text: string][] =>
  present
    ? readdirSync(join(vectors, 'sdp', folder))
        .filter((name) => name.endsWith('.sdp'))
        .toSorted()
        .map((name) => [name, readFileSync(join(vectors, 'sdp', folder, name), 'utf8')])
    : [];

const parsed = (text: string) => {
  const description = parseSdp(text);
  if (isSdpFault(description)) throw new Error(description.text);
  return description;
};
/** Without the order that RFC 8866 leaves no choice in. */
const sortedLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .toSorted();

describe.skipIf(!present)(`SDP vectors (${vectors}${present ? '' : ' is absent'})`, () => {
  it.each(read('chromium'))('[RFC8866] %s: serialises to the very lines that it was read from', (_, text) => {
    expect(serialiseSdp(parsed(text)).split('\r\n')).toEqual(text.split(/\r?\n/));
  });

  it.each(read('sdp-transform'))(
    '[RFC8866] %s: nothing is lost, and a second reading changes nothing',
    (_, text) => {
      const once = serialiseSdp(parsed(text));
      const expected = sortedLines(text);
      if (!/^t=/m.test(text)) expected.push('t=0 0');
      if (!/^s=/m.test(text)) expected.push('s=-');
      expect(sortedLines(once)).toEqual(expected.toSorted());
      expect(serialiseSdp(parsed(once))).toBe(once);
    },
  );

  it.each(read('chromium'))('[RFC8829] %s: the audio line and its codecs are found', (name, text) => {
    const audio = readAudio(parsed(text), BROWSER_RTP);
    const voice = audio?.codecs.filter(({ name }) => ['G722', 'PCMA', 'PCMU'].includes(name)) ?? [];
    const expected = name.includes('g711') ? ['PCMU', 'PCMA'] : ['G722', 'PCMU', 'PCMA'];
    expect(voice.map((format) => format.name)).toEqual(expected);
    expect(audio?.telephoneEvents.map((format) => format.payloadType)).toEqual([110, 126]);
    const direction = name.includes('recvonly')
      ? 'recvonly'
      : name.includes('sendonly')
        ? 'sendonly'
        : 'sendrecv';
    expect(audio?.direction).toBe(direction);
  });
});
