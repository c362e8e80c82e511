import { describe, expect, test } from 'vitest';
import { withoutHeader } from './build.ts';
import { StreamFramer } from './framer.ts';
import type { StreamItem } from './framer.ts';
import { callId, cseq, header, headerValues, numberHeader, parseContactList, topVia } from './headers.ts';
import { parseNameAddr } from './name-addr.ts';
import { parseMessage } from './parse.ts';
import { serialise } from './serialise.ts';
import type { ParseFault, SipMessage, SipRequest } from './types.ts';
import { parseSipUri, parseUri } from './uri.ts';
import { readManifest, readVector, vectorsAbsent } from './vectors.test-support.ts';
import { parseVia, viaReceived } from './via.ts';

interface Vector {
  readonly name: string;
  readonly expected: string;
  readonly rule: string;
  readonly path: string;
}

function vectorsOf(folder: string, pathOf: (row: Record<string, string>) => string): Vector[] {
  return readManifest(`${folder}/manifest.tsv`).map((row) => ({
    name: row['file'] ?? row['name'] ?? '',
    expected: row['expected'] ?? '',
    rule: (row['section'] ?? '').replace('RFC ', 'RFC').replace(' s.', '-'),
    path: pathOf(row),
  }));
}

const rfc4475 = vectorsOf('rfc4475', (row) => `rfc4475/${row['file']}`);
const rfc5118 = vectorsOf('rfc5118', (row) => `rfc5118/wire-crlf/${row['name']}.dat`);
const absent = vectorsAbsent('rfc4475') || vectorsAbsent('rfc5118');

/** Malformed, but where the RFC lets a receiver be lenient and nothing is lost by being so. */
const LENIENT: ReadonlySet<string> = new Set(['baddate.dat', 'regbadct.dat', 'badaspec.dat']);

type Outcome = 'message' | 'answer 400' | 'answer 505' | 'discard';

/** What a parser owes for the manifest's `expected`: a message, or a fault that is answered with this status or not at all. */
function owed({ name, expected }: Vector): Outcome {
  switch (expected) {
    case 'accept':
    case 'accept-first':
    case 'tolerate':
    case 'parse':
    case 'parse-then-400-or-2543':
    case 'parse-then-416':
    case 'parse-then-420':
    case 'parse-then-415':
    case 'parse-then-401':
    case 'parse-then-406':
    case 'parse-then-200':
    case 'parse-then-discard':
    case 'parse-then-answer':
      return 'message';
    case 'reject-400':
    case 'reject-501-or-400':
    case 'parse-then-400':
      return 'answer 400';
    case 'reject-400-or-lenient':
      return LENIENT.has(name) ? 'message' : 'answer 400';
    case 'reject-505':
      return 'answer 505';
    case 'discard':
    case 'reject':
      return 'discard';
    default:
      throw new Error(`The manifest expects ${expected}, which this test does not know`);
  }
}

function outcomeOf(result: SipMessage | ParseFault): Outcome {
  if (result.kind !== 'fault') return 'message';
  if (result.answerable === undefined) return 'discard';
  return result.code === 'version' ? 'answer 505' : 'answer 400';
}

function accepted(path: string): SipMessage {
  const message = parseMessage(readVector(path));
  if (message.kind === 'fault') throw new Error(`${path}: ${message.text}`);
  return message;
}

function acceptedRequest(path: string): SipRequest {
  const message = accepted(path);
  if (message.kind !== 'request') throw new Error(`${path} is no request`);
  return message;
}

/** Items as text, without pongs: where the pieces end decides how many of those are seen. */
function outline(items: readonly StreamItem[]): string[] {
  return items.flatMap((item) => {
    if (item.kind === 'keepalive') return item.ping ? ['ping'] : [];
    if (item.kind === 'fault') return [`${item.fault.code}: ${outcomeOf(item.fault)}`];
    return [Buffer.from(serialise(item.message)).toString('latin1')];
  });
}

describe.skipIf(absent)('torture messages as datagrams', () => {
  test.each([...rfc4475, ...rfc5118])('[$rule] $name: $expected', (vector) => {
    expect(outcomeOf(parseMessage(readVector(vector.path)))).toBe(owed(vector));
  });

  const acceptable = [...rfc4475, ...rfc5118].filter((vector) => owed(vector) === 'message');
  test.each(acceptable)('[$rule] $name is the same after serialise and parse', ({ path }) => {
    const message = accepted(path);
    const again = parseMessage(serialise(message));
    if (again.kind === 'fault') throw new Error(again.text);
    expect(withoutHeader(again, 'content-length')).toEqual(withoutHeader(message, 'content-length'));
  });
});

describe.skipIf(absent)('torture messages on a stream', () => {
  /** RFC 2543 needs no Content-Length; on a stream nothing tells where such a message ends (RFC 3261 section 18.3). */
  const BREAKING = ['ncl.dat', 'mcl01.dat', 'inv2543.dat', 'test.dat'];
  /** Promise more than the file holds: the framer waits. */
  const WAITING = ['clerr.dat', 'baddn.dat'];

  const ended = [...rfc4475, ...rfc5118].filter(
    ({ name }) => !BREAKING.includes(name) && !WAITING.includes(name),
  );
  test.each(ended)('[$rule] $name: $expected, and its end is certain', (vector) => {
    const framer = new StreamFramer();
    const bytes = readVector(vector.path);
    // The octets after the first message of dblreq are a test of their own below.
    const [first] = framer.push(vector.name === 'dblreq.dat' ? bytes.subarray(0, 300) : bytes);
    if (first === undefined || first.kind === 'keepalive') throw new Error('nothing was read');
    expect(outcomeOf(first.kind === 'fault' ? first.fault : first.message)).toBe(owed(vector));
    expect(framer.broken).toBe(false);
  });

  test.each(BREAKING)('%s leaves no way to tell where the next message begins', (name) => {
    const framer = new StreamFramer();
    expect(framer.push(readVector(`rfc4475/${name}`)).map((item) => item.kind)).toEqual(['fault']);
    expect(framer.broken).toBe(true);
  });

  test.each(WAITING)('%s promises more than it holds: the framer waits', (name) => {
    const framer = new StreamFramer();
    expect(framer.push(readVector(`rfc4475/${name}`))).toEqual([]);
    expect(framer.broken).toBe(false);
  });

  test.each([...rfc4475, ...rfc5118])('[$rule] $name is the same split at every octet', ({ path }) => {
    const bytes = readVector(path);
    const whole = outline(new StreamFramer().push(bytes));
    const differing: number[] = [];
    for (let split = 1; split < bytes.length; split += 1) {
      const framer = new StreamFramer();
      const items = [...framer.push(bytes.subarray(0, split)), ...framer.push(bytes.subarray(split))];
      if (outline(items).join('|') !== whole.join('|')) differing.push(split);
    }
    expect(differing).toEqual([]);
    const framer = new StreamFramer();
    const items = Array.from(bytes, (octet) => framer.push(Uint8Array.of(octet))).flat();
    expect(outline(items)).toEqual(whole);
  });

  test('[RFC4475-3.1.1.8] a stream gives both messages of dblreq', () => {
    const items = new StreamFramer().push(readVector('rfc4475/dblreq.dat'));
    const methods = items.flatMap((item) =>
      item.kind === 'message' && item.message.kind === 'request' ? [item.message.method] : [],
    );
    expect(methods).toEqual(['REGISTER', 'INVITE']);
  });
});

describe.skipIf(absent)('what the torture messages mean', () => {
  test('[RFC4475-3.1.1.1] wsinv: folding, white space and compact names change nothing', () => {
    const request = acceptedRequest('rfc4475/wsinv.dat');
    expect(numberHeader(request, 'Max-Forwards')).toBe(68);
    expect(cseq(request)).toEqual({ number: 9, method: 'INVITE' });
    expect(header(request, 'subject')).toBe('');
    expect(header(request, 'NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(header(request, 'UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    expect(headerValues(request, 'v').map((value) => parseVia(value)?.host)).toEqual([
      '192.0.2.2',
      'spindle.example.com',
      '192.168.255.111',
    ]);
    const from = parseNameAddr(header(request, 'from') ?? '');
    expect(from?.displayName).toBe('J Rosenberg \\"');
    expect(from?.params.get('tag')).toBe('98asjd8');
    const contacts = parseContactList(request);
    if (contacts?.kind !== 'contacts') throw new Error('no contacts');
    expect(contacts.contacts[0]?.displayName).toBe('Quoted string ""');
    expect([...(contacts.contacts[0]?.params ?? [])]).toEqual([
      ['newparam', 'newvalue'],
      ['secondparam', undefined],
      ['q', '0.33'],
    ]);
  });

  test('[RFC4475-3.1.1.2] intmeth: a method of every token character', () => {
    const request = acceptedRequest('rfc4475/intmeth.dat');
    expect(request.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(parseSipUri(request.uri)).toMatchObject({
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
      host: 'example.com',
    });
    const from = parseNameAddr(header(request, 'from') ?? '');
    expect(from?.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(from?.params.get("fromparam''~+*_!.-%")).toBe('"работающий"');
    expect(parseNameAddr(header(request, 'to') ?? '')?.displayName).toBe('BEL:\x07 NUL:\0 DEL:\x7f');
    expect(callId(request)).toBe('intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{');
    expect(header(request, "extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
  });

  test('[RFC4475-3.1.1.3] esc01: escapes stay, and are resolved for comparison', () => {
    const request = acceptedRequest('rfc4475/esc01.dat');
    expect(parseSipUri(request.uri)).toMatchObject({
      user: 'sips%3Auser%40example.com',
      host: 'example.net',
    });
    const contact = parseSipUri(parseNameAddr(header(request, 'contact') ?? '')?.uri ?? '');
    expect([...(contact?.params ?? [])]).toEqual([
      ['lr', undefined],
      ['name', 'v%61lue%25%34%31'],
    ]);
  });

  test('[RFC4475-3.1.1.5] esc02: an escape in a method is none', () => {
    expect(acceptedRequest('rfc4475/esc02.dat').method).toBe('RE%47IST%45R');
  });

  test('[RFC4475-3.1.1.7] longreq: nothing is cut', () => {
    const request = acceptedRequest('rfc4475/longreq.dat');
    expect(headerValues(request, 'via')).toHaveLength(34);
    expect(headerValues(request, 'via').map(parseVia)).not.toContain(undefined);
  });

  test('[RFC4475-3.1.1.9] semiuri: semicolons of a user part are no parameters', () => {
    const uri = parseSipUri(acceptedRequest('rfc4475/semiuri.dat').uri);
    expect(uri).toMatchObject({ user: 'user;par=u%40example.net', host: 'example.com' });
    expect(uri?.params.size).toBe(0);
  });

  test('[RFC4475-3.1.1.10] transports: known ones and an unknown one', () => {
    const vias = headerValues(accepted('rfc4475/transports.dat'), 'via').map(parseVia);
    expect(vias.map((via) => via?.transport)).toEqual(['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP']);
  });

  test('[RFC4475-3.1.1.11] mpart01: a binary body stays octet for octet', () => {
    const bytes = readVector('rfc4475/mpart01.dat');
    const message = accepted('rfc4475/mpart01.dat');
    const start = Buffer.from(bytes).indexOf('\r\n\r\n') + 4;
    expect(Buffer.from(message.body).equals(bytes.subarray(start))).toBe(true);
    expect(message.body).toHaveLength(numberHeader(message, 'l') ?? -1);
  });

  test('[RFC4475-3.1.1.12] unreason and noreason: any reason phrase, or none', () => {
    const unusual = accepted('rfc4475/unreason.dat');
    const none = accepted('rfc4475/noreason.dat');
    expect(unusual).toMatchObject({
      status: 200,
      reason: '= 2**3 * 5**2 но сто девяносто девять - простое',
    });
    expect(none).toMatchObject({ status: 100, reason: '' });
  });

  test('[RFC4475-3.1.2.13] regbadct: the ambiguous Contact is refused by whoever reads it', () => {
    expect(parseContactList(accepted('rfc4475/regbadct.dat'))).toBeUndefined();
  });

  test('[RFC4475-3.1.2.14] badaspec: spaces inside the brackets do not reach the URI', () => {
    const to = parseNameAddr(header(accepted('rfc4475/badaspec.dat'), 'to') ?? '');
    expect(to).toMatchObject({ displayName: 'Watson, Thomas', uri: 'sip:t.watson@example.org' });
  });

  test('[RFC4475-3.3.2] unkscm, novelsc: unknown schemes are told apart for a 416', () => {
    expect(parseUri(acceptedRequest('rfc4475/unkscm.dat').uri)?.kind).toBe('other');
    expect(parseUri(acceptedRequest('rfc4475/novelsc.dat').uri)?.kind).toBe('other');
  });

  test('[RFC4475-3.3.14] regescrt: an escaped Route header is part of the Contact URI', () => {
    const contact = parseNameAddr(header(accepted('rfc4475/regescrt.dat'), 'contact') ?? '');
    expect(parseSipUri(contact?.uri ?? '')?.headers.get('route')).toBe('%3Csip:sip.example.com%3E');
  });

  test('[RFC5118-4.3] a port is one only after the brackets', () => {
    const ambiguous = parseSipUri(acceptedRequest('rfc5118/wire-crlf/port-ambiguous.dat').uri);
    const unambiguous = parseSipUri(acceptedRequest('rfc5118/wire-crlf/port-unambiguous.dat').uri);
    expect([ambiguous?.host, ambiguous?.port]).toEqual(['2001:db8::10:5070', undefined]);
    expect([unambiguous?.host, unambiguous?.port]).toEqual(['2001:db8::10', 5070]);
  });

  test.each(['with', 'no'])('[RFC5118-4.5] received %s brackets is the same address', (form) => {
    const via = topVia(accepted(`rfc5118/wire-crlf/via-received-param-${form}-delim.dat`));
    expect(via && viaReceived(via)).toBe('2001:db8::9:255');
  });

  test('[RFC5118-4.7] Via values of both families', () => {
    const vias = headerValues(accepted('rfc5118/wire-crlf/mult-ip-in-header.dat'), 'via').map(parseVia);
    expect(vias.map((via) => via?.host.includes(':'))).toEqual([true, false, true]);
  });
});
