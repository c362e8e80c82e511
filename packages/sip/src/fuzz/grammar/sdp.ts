import type { Entropy } from '../entropy.ts';
import { several } from '../entropy.ts';
import { text, token } from './values.ts';

const CODECS = ['9 G722/8000', '0 PCMU/8000', '8 PCMA/8000', '111 opus/48000/2', '101 telephone-event/8000'];

function connection(entropy: Entropy): string {
  return entropy.pick(['IN IP4 192.0.2.1', 'IN IP4 0.0.0.0', 'IN IP6 2001:db8::1', 'IN IP4 224.2.36.42/127']);
}

function attribute(entropy: Entropy): string {
  return entropy.pick([
    'a=sendrecv',
    'a=sendonly',
    'a=inactive',
    'a=ptime:20',
    `a=rtpmap:${entropy.pick(CODECS)}`,
    `a=fmtp:${entropy.integer(0, 127)} ${token(entropy)}=${token(entropy)};x`,
    'a=rtcp:4001 IN IP4 192.0.2.1',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
    `a=candidate:1 1 UDP 2130706431 192.0.2.1 ${entropy.integer(0, 65_535)} typ host`,
    `a=${text(entropy, 'abc-', 1, 12)}:${text(entropy, 'abc 01:=;"<>', 0, 20)}`,
  ]);
}

function media(entropy: Entropy): string[] {
  const kind = entropy.pick(['audio', 'audio', 'video', 'image', 'application', token(entropy)]);
  const protocol = entropy.pick(['RTP/AVP', 'RTP/SAVP', 'UDP/TLS/RTP/SAVPF', 'udptl']);
  const formats = several(entropy, 1, 6, () => `${entropy.integer(0, 127)}`).join(' ');
  const port = entropy.pick(['0', '9', `${entropy.integer(1_024, 65_535)}`, '49170/2']);
  return [
    `m=${kind} ${port} ${protocol} ${formats}`,
    ...(entropy.chance(0.5) ? [`c=${connection(entropy)}`] : []),
    ...(entropy.chance(0.2) ? ['b=AS:64'] : []),
    ...several(entropy, 0, 8, () => attribute(entropy)),
  ];
}

/** A session description by RFC 8866 section 9, with what devices put into it. */
export function sdp(entropy: Entropy): string {
  const end = entropy.chance(0.9) ? '\r\n' : '\n';
  const lines = [
    'v=0',
    `o=${entropy.pick(['-', 'anna', 'T 27'])} ${entropy.integer(0, 2 ** 31)} 1 ${connection(entropy).replace('/127', '')}`,
    `s=${entropy.pick(['-', ' ', 'call'])}`,
    ...(entropy.chance(0.8) ? [`c=${connection(entropy)}`] : []),
    ...(entropy.chance(0.1) ? ['b=CT:128', 'i=x'] : []),
    't=0 0',
    ...several(entropy, 0, 3, () => attribute(entropy)),
    ...several(entropy, 0, 3, () => media(entropy)).flat(),
  ];
  return lines.join(end) + end;
}
