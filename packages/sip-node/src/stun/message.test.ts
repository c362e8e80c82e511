import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { bindingAnswer, bindingRequest, isStun, readStun } from './message.ts';

/** They lie beside the repository; `OFFHOOK_VECTORS` names another place. */
const file = join(
  resolve(process.env['OFFHOOK_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors')),
  'crypto/stun-rfc5769.json',
);
const isAbsent = !existsSync(file);
if (isAbsent) console.warn(`Skipped: no STUN vectors at ${file} (OFFHOOK_VECTORS names their folder)`);

interface Vector {
  readonly rfc5769_section: string;
  readonly mapped: string | null;
  readonly hex: string;
  readonly fingerprint_ok: boolean | null;
}

const vectors: Vector[] = isAbsent
  ? []
  : (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors;

const place = (text: string) => {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(text.slice(colon + 1)) };
};
const id = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex');

const plainRequest = { kind: 'request', transactionId: id, unknown: [], hasFingerprint: false } as const;

describe.skipIf(isAbsent)('the vectors of RFC 5769', () => {
  it.each(vectors)('[RFC8489-5] $rfc5769_section is read', ({ hex, mapped, fingerprint_ok }) => {
    const bytes = Buffer.from(hex, 'hex');
    const transactionId = bytes.subarray(8, 20);
    const request = { kind: 'request', transactionId, hasFingerprint: fingerprint_ok === true };
    const answer = { kind: 'success', transactionId, mapped: place(mapped ?? '') };
    expect(isStun(bytes)).toBe(true);
    expect(readStun(bytes)).toMatchObject(mapped === null ? request : answer);
  });

  it.each(vectors.filter(({ fingerprint_ok }) => fingerprint_ok === true))(
    '[RFC8489-14.7] $rfc5769_section with any octet changed is refused',
    ({ hex }) => {
      const bytes = Buffer.from(hex, 'hex');
      const read = [...bytes.keys()].filter((at) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0x01;
        return readStun(changed) !== undefined;
      });
      // With another type than FINGERPRINT's there is none to check.
      expect(read).toEqual([bytes.length - 8, bytes.length - 7]);
    },
  );

  it('[RFC8489-14.2] our answers have the addresses of the samples in the same octets', () => {
    const answers = vectors.flatMap(({ hex, mapped }) => (mapped === null ? [] : [{ hex, mapped }]));
    expect(answers).toHaveLength(2);
    for (const { hex, mapped } of answers) {
      const ours = bindingAnswer(plainRequest, place(mapped))?.toString('hex') ?? '';
      const value = hex.slice(hex.indexOf('00200'));
      expect(ours).toContain(value.slice(0, 2 * (4 + Number.parseInt(value.slice(4, 8), 16))));
    }
  });
});

describe('a Binding request', () => {
  it('[RFC8489-5] has 20 octets and a fingerprint', () => {
    const request = bindingRequest(id);
    expect(request.subarray(0, 20).toString('hex')).toBe(`000100082112a442${id.toString('hex')}`);
    expect(readStun(request)).toEqual({
      kind: 'request',
      transactionId: id,
      unknown: [],
      hasFingerprint: true,
    });
  });

  it.each(['192.0.2.7', '2001:db8::7', '::1', 'fe80::1%eth0', '2001:db8:1:2:3:4:5:6', '::ffff:192.0.2.7'])(
    '[RFC8489-6.3.1] is answered with where it came from: %s',
    (address) => {
      const answer = bindingAnswer(plainRequest, { address, port: 65_535 });
      const read = readStun(answer ?? Buffer.alloc(0));
      const plain = new URL(`http://${address.includes(':') ? `[${address.split('%')[0]}]` : address}`);
      expect(read).toEqual({
        kind: 'success',
        transactionId: id,
        mapped: { address: plain.hostname.replaceAll(/[[\]]/g, ''), port: 65_535 },
      });
    },
  );

  it('[RFC8489-6.3.1] with attributes that have to be understood and are not is answered 420', () => {
    // PRIORITY and USE-CANDIDATE, of ICE.
    const attributes = Buffer.from('0024000401020304002500008022000161000000', 'hex');
    const head = Buffer.from(`000100142112a442${id.toString('hex')}`, 'hex');
    const request = readStun(Buffer.concat([head, attributes]));
    if (request?.kind !== 'request') throw new Error('it is not read');
    expect(request.unknown).toEqual([0x24, 0x25]);
    const answer = bindingAnswer(request, { address: '192.0.2.1', port: 1 }) ?? Buffer.alloc(0);
    expect(readStun(answer)).toEqual({ kind: 'error', transactionId: id, code: 420 });
    expect(answer.toString('hex')).toContain('000a000400240025');
  });

  it('[RFC8489-6.3.3] an answer with what has to be understood and is not is none', () => {
    const answer = bindingAnswer(plainRequest, { address: '192.0.2.7', port: 5_060 });
    const strange = Buffer.concat([answer ?? Buffer.alloc(0), Buffer.from('7fff0000', 'hex')]);
    strange.writeUInt16BE(strange.length - 20, 2);
    expect(readStun(strange)).toBeUndefined();
  });
});

describe('what is no STUN, or none for us', () => {
  it.each([
    ['SIP', Buffer.from('OPTIONS sip:a@127.0.0.1 SIP/2.0\r\n\r\n')],
    ['a keep-alive of CRLFs', Buffer.from('\r\n\r\n')],
    ['RTP', Buffer.from('8000000100000001000000010000000000000000', 'hex')],
    [
      'STUN without the cookie, of RFC 3489',
      Buffer.concat([Buffer.from('00010000', 'hex'), Buffer.alloc(16)]),
    ],
    ['a header cut off', bindingRequest(id).subarray(0, 19)],
  ])('[RFC5626-8] %s is not taken for STUN', (_name, bytes) => {
    expect([isStun(bytes), readStun(bytes)]).toEqual([false, undefined]);
  });

  const header = (type: string, length: string) => `${type}${length}2112a442${id.toString('hex')}`;
  it.each([
    ['an Allocate request', header('0003', '0000')],
    ['an indication', header('0011', '0000')],
    ['a length that is no multiple of four', `${header('0001', '0002')}0000`],
    ['a length that is not that of the datagram', header('0001', '0004')],
    ['an attribute that is longer than the message', `${header('0001', '0004')}80220008`],
    ['an answer without an address', header('0101', '0000')],
    ['an answer with an address of no family', `${header('0101', '000c')}002000080003a147e112a643`],
    ['an answer with an IPv6 address of four octets', `${header('0101', '000c')}002000080002a147e112a643`],
    ['an error without a code', header('0111', '0000')],
    ['a fingerprint that is not the last', `${header('0001', '0010')}80280004000000008022000461626364`],
  ])('[RFC8489-6.3] %s is ignored', (_name, hex) => {
    expect(readStun(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('[RFC8489-6.3] more than a datagram of 548 octets is ignored', () => {
    const attribute = Buffer.concat([Buffer.from('80220210', 'hex'), Buffer.alloc(528)]);
    const message = Buffer.concat([Buffer.from(header('0001', '0214'), 'hex'), attribute]);
    expect(message.length).toBe(552);
    expect(readStun(message)).toBeUndefined();
  });

  it('[RFC8489-6.3] whatever octets come: it is read or ignored, and never throws', () => {
    const random = new SeededRandom(5_769);
    const kinds = { ignored: 0, request: 0, success: 0, error: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const noise = Buffer.concat([Buffer.from(header('0101', '0000'), 'hex'), random.bytes(12)]);
      noise.writeUInt16BE([0x0001, 0x0101, 0x0111][round % 3] ?? 0, 0);
      noise.writeUInt16BE(12, 2);
      // Attributes that are nearly right: type and length are small numbers.
      noise.writeUInt16BE([0x0009, 0x0020, 0x8028, 0x8022][(noise[20] ?? 0) % 4] ?? 0, 20);
      noise.writeUInt16BE((noise[22] ?? 0) % 16, 22);
      noise[25] = (noise[25] ?? 0) % 4;
      kinds[readStun(noise)?.kind ?? 'ignored'] += 1;
    }
    expect(Object.values(kinds).every((count) => count > 10)).toBe(true);
    expect(Object.values(kinds).reduce((sum, count) => sum + count)).toBe(20_000);
  });
});
