import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { Secret, TOTP } from 'otpauth';

/** What an authenticator app shows for a secret, with or without the spaces of its groups. */
export const totpCode = (secret: string, at: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), digits: 6, period: 30 }).generate({
    timestamp: at,
  });

type Options = {
  challenge: string;
  rp?: { id?: string };
  rpId?: string;
  user?: { id: string };
};
/** What goes otherwise than a browser and an honest device would have it. */
type Wrong = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  userVerified?: boolean;
  userHandle?: string;
  /** Signs with another key. */
  key?: KeyObject;
  /** The counter that is told. */
  counter?: number;
};

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const base64url = (data: string | Uint8Array) => Buffer.from(data).toString('base64url');

const PRESENT = 1;
const VERIFIED = 4;
const ATTESTED = 64;

/**
 * A software authenticator behind a browser at `origin`: keys on P-256, attestation `none` (WebAuthn 6.1, 6.5.1, 8.7). What comes out is what
 * `PublicKeyCredential.toJSON()` gives.
 */
export function createAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  let counter = 0;
  let userHandle: string | undefined;

  const clientData = (type: string, options: Options, wrong: Wrong) =>
    Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? options.challenge,
        origin: wrong.origin ?? origin,
        crossOrigin: false,
      }),
    );

  const authenticatorData = (
    rpId: string,
    flags: number,
    wrong: Wrong,
    attested: Buffer = Buffer.alloc(0),
  ) => {
    counter += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(wrong.counter ?? counter);
    const verified = wrong.userVerified === false ? 0 : VERIFIED;
    return Buffer.concat([sha256(wrong.rpId ?? rpId), Buffer.from([flags | verified]), count, attested]);
  };

  const credential = <Response>(response: Response) => ({
    id: base64url(credentialId),
    rawId: base64url(credentialId),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });

  return {
    credentialId: base64url(credentialId),
    /** `navigator.credentials.create` */
    create: (offered: unknown, wrong: Wrong = {}) => {
      const options = offered as Options;
      userHandle = options.user?.id;
      const { x, y } = publicKey.export({ format: 'jwk' });
      // COSE (RFC 9053, 7.1): key type EC2, ES256, P-256.
      const cose = isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, new Uint8Array(Buffer.from(x ?? '', 'base64url'))],
          [-3, new Uint8Array(Buffer.from(y ?? '', 'base64url'))],
        ]),
      );
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, cose]);
      const authData = authenticatorData(options.rp?.id ?? '', PRESENT | ATTESTED, wrong, attested);
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]);
      return credential({
        clientDataJSON: base64url(clientData('webauthn.create', options, wrong)),
        attestationObject: base64url(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])),
        transports: ['internal'],
      });
    },
    /** `navigator.credentials.get` */
    get: (offered: unknown, wrong: Wrong = {}) => {
      const options = offered as Options;
      const data = clientData('webauthn.get', options, wrong);
      const authData = authenticatorData(options.rpId ?? '', PRESENT, wrong);
      const signature = createSign('sha256')
        .update(authData)
        .update(sha256(data))
        .sign(wrong.key ?? privateKey);
      return credential({
        clientDataJSON: base64url(data),
        authenticatorData: base64url(authData),
        signature: base64url(signature),
        userHandle: wrong.userHandle ?? userHandle,
      });
    },
  };
}
