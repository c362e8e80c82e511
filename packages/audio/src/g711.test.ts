import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { A_LAW_SILENCE, MU_LAW_SILENCE, decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from './g711.ts';

const sha256 = (bytes: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex');

const everySample = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
const everyOctet = Uint8Array.from({ length: 256 }, (_, index) => index);

describe('[G.711] against the tables of the ITU-T G.191 software tools', () => {
  it('A-law encodes each of the 65,536 samples to the same octet', () => {
    expect(sha256(encodeALaw(everySample))).toBe(
      '38488f6fd710f4686360edc4d38639f96c491595ef93f8eb8d62d5e07ca6ce7b',
    );
  });
  it('µ-law encodes each of the 65,536 samples to the same octet', () => {
    expect(sha256(encodeMuLaw(everySample))).toBe(
      '90c29de505fb68e766118303bd552a16005dcf810873698bee1d8f3b247ce28c',
    );
  });
  it('both decode each octet to the same sample', () => {
    expect(sha256(decodeALaw(everyOctet))).toBe(
      'e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174',
    );
    expect(sha256(decodeMuLaw(everyOctet))).toBe(
      '3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827',
    );
  });
});

describe('[G.711] coding', () => {
  it('coding what was decoded gives the same octet, but for the second zero of µ-law', () => {
    expect(encodeALaw(decodeALaw(everyOctet))).toEqual(everyOctet);
    const again = encodeMuLaw(decodeMuLaw(everyOctet));
    expect(again).toEqual(everyOctet.map((octet) => (octet === 0x7f ? 0xff : octet)));
  });
  it('silence has its own octet', () => {
    const zero = new Int16Array(1);
    expect([...encodeALaw(zero), ...encodeMuLaw(zero)]).toEqual([A_LAW_SILENCE, MU_LAW_SILENCE]);
  });
});
