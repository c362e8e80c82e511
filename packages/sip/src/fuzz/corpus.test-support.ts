import { parseSdp, serialiseSdp } from '@offhook/sdp';
import { listVectors, readVector } from '../message/vectors.test-support.ts';
import { sdpTarget } from './targets/sdp.ts';

const text = (lines: readonly string[]): Uint8Array => Buffer.from(lines.join('\r\n'), 'utf8');

/** Messages of our own, for where no vectors are. */
const OWN = [
  text([
    'INVITE sip:bob;x=1:pw@[2001:db8::1]:5060;transport=tcp?a=b SIP/2.0',
    'v: SIP/2.0/UDP pc33.atlanta.example:5060;rport;branch=z9hG4bK776asdhds, SIP / 2.0 / TCP b',
    'Max-Forwards: 70',
    't: "Bob \\"B\\" ä" <sip:bob@biloxi.example;lr>;x="y;z"',
    'f: Alice <sip:alice@atlanta.example>;tag=1928301774',
    'Call-ID: a84b4c76e66710@pc33',
    'CSeq: 314159 INVITE',
    'm: "A, B" <sip:alice@pc33?x=y>;q=0.7;expires=3600,',
    ' <sips:alice@192.0.2.1:5061>',
    'Warning: 399 host "text \\" x"',
    'Reason: SIP;cause=200;text="x"',
    'Content-Type: application/sdp',
    'l: 10',
    '',
    'v=0\r\no=- 1',
  ]),
  text([
    'SIP/2.0 401 Unauthorized',
    'Via: SIP/2.0/TLS [::1]:5061;received=[::2];branch=z9hG4bK1',
    'From: sip:a@b;tag=1',
    'To: tel:+49-89-1234;tag=2',
    'Call-ID: 1',
    'CSeq: 1 REGISTER',
    'Contact: *',
    'WWW-Authenticate: Digest realm="a", nonce="b", algorithm=SHA-256, qop="auth,auth-int"',
    'Content-Length: 0',
    '',
    '',
  ]),
];

/** Everything that is there: RFC 4475 and 5118, the flows of RFC 3665 and 3515, desk phones, ours. */
export function readCorpus(): readonly Uint8Array[] {
  const folders: readonly (readonly [folder: string, ending: string])[] = [
    ['rfc4475', '.dat'],
    ['rfc5118/wire-crlf', '.dat'],
    ['flows', '.sip'],
    ['deskphone', '.sip'],
  ];
  const vectors = folders.flatMap(([folder, ending]) =>
    listVectors(folder, ending).map((name) => readVector(`${folder}/${name}`)),
  );
  return [...OWN, ...vectors];
}

/** Milliseconds of processor time that this thread has had. */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The parser of the product. */
export const productSdp = sdpTarget({
  parse: (description) => {
    const parsed = parseSdp(description);
    return 'kind' in parsed ? undefined : parsed;
  },
  serialise: serialiseSdp,
});
