import { describe, expect, test } from 'vitest';
import { withoutHeader } from './build.ts';
import { callId, cseq, fromTag, header, headerValues, parseContactList, topVia } from './headers.ts';
import { parseNameAddr } from './name-addr.ts';
import { parseMessage } from './parse.ts';
import { serialise } from './serialise.ts';
import type { SipMessage } from './types.ts';
import { formatUri, parseUri } from './uri.ts';
import { listVectors, readVector, vectorsAbsent } from './vectors.test-support.ts';
import { formatVia, parseVia } from './via.ts';

const FOLDERS = ['flows', 'deskphone'] as const;
const absent = FOLDERS.some((folder) => vectorsAbsent(folder));
const paths = FOLDERS.flatMap((folder) => listVectors(folder, '.sip').map((name) => `${folder}/${name}`));

function read(path: string): SipMessage {
  const message = parseMessage(readVector(path));
  if (message.kind === 'fault') throw new Error(`${path}: ${message.text}`);
  return message;
}

describe.skipIf(absent)('messages of call flows and desk phones', () => {
  test.each(paths)('%s can be read to the last header', (path) => {
    const message = read(path);
    expect(callId(message)).toBeTruthy();
    expect(cseq(message)?.number).toBeGreaterThan(0);
    expect(fromTag(message)).toBeTruthy();
    expect(topVia(message)?.params.get('branch')).toMatch(/^z9hG4bK/);
    expect(parseContactList(message)).toBeDefined();
    const addresses = ['route', 'record-route', 'contact'].flatMap((name) => headerValues(message, name));
    const uris = addresses.filter((value) => value !== '*').map((value) => parseNameAddr(value)?.uri ?? '');
    expect(uris.map(parseUri)).not.toContain(undefined);
  });

  test.each(paths)('%s is the same after serialise and parse', (path) => {
    const message = read(path);
    const again = parseMessage(serialise(message));
    if (again.kind === 'fault') throw new Error(again.text);
    expect(withoutHeader(again, 'content-length')).toEqual(withoutHeader(message, 'content-length'));
  });

  test.each(paths)('%s: URIs and Via are formatted as they were', (path) => {
    const message = read(path);
    for (const value of headerValues(message, 'via')) {
      const via = parseVia(value);
      // Folding left white space before some semicolons.
      expect(via && formatVia(via)).toBe(value.replaceAll(/ ;/g, ';'));
    }
    for (const name of ['from', 'to']) {
      const { uri } = parseNameAddr(header(message, name) ?? '') ?? { uri: '' };
      const parsed = parseUri(uri);
      expect(parsed && formatUri(parsed)).toBe(uri);
    }
  });
});
