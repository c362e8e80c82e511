/**
 * An INVITE as an office telephone sends it through one proxy: seven mandatory headers, two Via, a Record-Route, what a
 * desk phone says about itself, digest credentials and an offer of four codecs.
 */
const sdp = [
  'v=0',
  'o=- 1729846012 1729846012 IN IP4 192.0.2.33',
  's=-',
  'c=IN IP4 192.0.2.33',
  't=0 0',
  'm=audio 11782 RTP/AVP 9 0 8 101',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

export const typicalInvite: Uint8Array = new TextEncoder().encode(
  [
    'INVITE sip:201@pbx.example.com;user=phone SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK5b0e7f12c9d84a36;rport=5060;received=192.0.2.10',
    'Via: SIP/2.0/UDP 192.0.2.33:5060;branch=z9hG4bK-524287-1---a7c6a8d1ze;rport',
    'Record-Route: <sip:192.0.2.10;lr;ftag=7b1c9e04>',
    'Max-Forwards: 69',
    'From: "Anna Berger" <sip:101@pbx.example.com>;tag=7b1c9e04',
    'To: <sip:201@pbx.example.com;user=phone>',
    'Call-ID: 3848276298220188511@192.0.2.33',
    'CSeq: 2 INVITE',
    'Contact: <sip:101@192.0.2.33:5060;transport=udp>',
    'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, UPDATE, PRACK',
    'Supported: replaces, 100rel, timer, norefersub',
    'User-Agent: DeskPhone T27/69.86.0.15',
    'Session-Expires: 1800',
    'Min-SE: 90',
    'Proxy-Authorization: Digest username="101", realm="pbx.example.com", nonce="MTcyOTg0NjAxMjphYmNk", ' +
      'uri="sip:201@pbx.example.com;user=phone", response="6629fae49393a05397450978507c4ef1", algorithm=MD5, ' +
      'cnonce="0a4f113b", qop=auth, nc=00000001',
    'Content-Type: application/sdp',
    `Content-Length: ${sdp.length}`,
    '',
    sdp,
  ].join('\r\n'),
);

const typicalText = new TextDecoder().decode(typicalInvite);

/** The same INVITE of another call between other telephones; of the same length for numbers below 900. */
export function inviteOfCall(call: number): Uint8Array {
  const number = String(call).padStart(3, '0');
  return new TextEncoder().encode(
    typicalText
      .replaceAll('sip:101@', `sip:${number}@`)
      .replaceAll('sip:201@', `sip:${999 - call}@`)
      .replaceAll('7b1c9e04', `7b1c9${number}`)
      .replaceAll('5b0e7f12c9d84a36', `5b0e7f12c9d84${number}`)
      .replaceAll('a7c6a8d1ze', `a7c6a8d${number}`)
      .replaceAll('3848276298220188511', `3848276298220188${number}`),
  );
}
