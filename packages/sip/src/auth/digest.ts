// The package does no I/O; hashing is a pure function of its input, so node's is used rather than one of our own.
import { createHash } from 'node:crypto';

/** RFC 7616 and RFC 8760, strongest first. */
export const DIGEST_ALGORITHMS = [
  'SHA-512-256',
  'SHA-512-256-sess',
  'SHA-256',
  'SHA-256-sess',
  'MD5',
  'MD5-sess',
] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** An algorithm without its `-sess` form: what a stored HA1 is made with. */
export type DigestHash = 'SHA-512-256' | 'SHA-256' | 'MD5';

export type Qop = 'auth' | 'auth-int';

const OPENSSL_NAMES: Readonly<Record<DigestHash, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
};

/** Names are compared without case. */
export function digestAlgorithm(name: string): DigestAlgorithm | undefined {
  const upper = name.toUpperCase();
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm.toUpperCase() === upper);
}

export function hashOf(algorithm: DigestAlgorithm): DigestHash {
  if (algorithm === 'MD5' || algorithm === 'MD5-sess') return 'MD5';
  return algorithm === 'SHA-256' || algorithm === 'SHA-256-sess' ? 'SHA-256' : 'SHA-512-256';
}

function hash(name: DigestHash, data: string | Uint8Array): string {
  return createHash(OPENSSL_NAMES[name]).update(data).digest('hex');
}

/** H(username:realm:password), in UTF-8: what a server may keep instead of the password. Lower-case hexadecimal. */
export function digestHa1(name: DigestHash, username: string, realm: string, password: string): string {
  return hash(name, `${username}:${realm}:${password}`);
}

/** H(username:realm), in UTF-8: what stands for the user name where `userhash` is asked for (RFC 7616 section 3.4.4). */
export function digestUserHash(name: DigestHash, username: string, realm: string): string {
  return hash(name, `${username}:${realm}`);
}

export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** From {@link digestHa1}, also for `-sess`. */
  readonly ha1: string;
  readonly nonce: string;
  readonly method: string;
  /** The digest-uri: the Request-URI as it stands in the request line. */
  readonly uri: string;
  /** Absent: the form of RFC 2069, which only servers without qop expect. */
  readonly protection?: {
    readonly qop: Qop;
    /** Eight hexadecimal digits. */
    readonly nc: string;
    readonly cnonce: string;
  };
  /** Hashed where qop is `auth-int`. */
  readonly body?: Uint8Array;
}

/** The `response` of RFC 7616 section 3.4.1. */
export function digestResponse(input: DigestInput): string {
  const { protection, nonce } = input;
  const name = hashOf(input.algorithm);
  const ha1 = input.algorithm.endsWith('-sess')
    ? hash(name, `${input.ha1}:${nonce}:${protection?.cnonce ?? ''}`)
    : input.ha1;
  const bodyHash = protection?.qop === 'auth-int' ? `:${hash(name, input.body ?? '')}` : '';
  const ha2 = hash(name, `${input.method}:${input.uri}${bodyHash}`);
  const middle =
    protection === undefined ? nonce : `${nonce}:${protection.nc}:${protection.cnonce}:${protection.qop}`;
  return hash(name, `${ha1}:${middle}:${ha2}`);
}
