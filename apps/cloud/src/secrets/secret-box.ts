import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Secrets at rest: AES-256-GCM. A sealed secret is
 * `version (1) | key id (4) | nonce (12) | tag (16) | ciphertext`; the key id tells which key opens it while
 * keys are being rotated. `context` is authenticated with it (here tenant and line), so that a ciphertext copied to
 * another row does not open.
 */
export type SecretBox = {
  seal: (secret: string, context: string) => Buffer;
  /** @throws Error when the key is unknown, the context another, or the bytes were changed */
  open: (sealed: Buffer, context: string) => string;
  /** Was this sealed with the first key? If not, seal it again. */
  isCurrent: (sealed: Buffer) => boolean;
};

const VERSION = 1;
const KEY_ID = { start: 1, end: 5 };
const NONCE = { start: 5, end: 17 };
const TAG = { start: 17, end: 33 };

/** @param keys of 32 bytes; the first seals, all open */
export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const byId = new Map(keys.map((key) => [keyId(key).toString('hex'), key]));
  const [current] = keys;
  if (current === undefined || keys.some((key) => key.length !== 32)) {
    throw new Error('Secret keys have 32 bytes each, and at least one is needed.');
  }
  return {
    seal: (secret, context) => {
      const nonce = randomBytes(NONCE.end - NONCE.start);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([VERSION]), keyId(current), nonce, cipher.getAuthTag(), text]);
    },
    open: (sealed, context) => {
      if (sealed.length < TAG.end || sealed[0] !== VERSION) throw new Error('This is not a sealed secret.');
      const id = sealed.subarray(KEY_ID.start, KEY_ID.end).toString('hex');
      const key = byId.get(id);
      if (key === undefined) throw new Error(`The secret was sealed with key ${id}, which is not at hand.`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(NONCE.start, NONCE.end))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(TAG.start, TAG.end));
      return decipher.update(sealed.subarray(TAG.end), undefined, 'utf8') + decipher.final('utf8');
    },
    isCurrent: (sealed) => sealed.subarray(KEY_ID.start, KEY_ID.end).equals(keyId(current)),
  };
}

/** Names a key without telling anything of it. */
function keyId(key: Buffer): Buffer {
  return createHash('sha256').update('offhook key id').update(key).digest().subarray(0, 4);
}

/** Keys as the key file holds them: base64, one a line, the current one first. */
export function parseKeyFile(text: string): Buffer[] {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64'));
  if (keys.length === 0 || keys.some((key) => key.length !== 32)) {
    throw new Error(
      'OFFHOOK_SECRET_KEY_FILE must hold 32 random bytes in base64 (openssl rand -base64 32 makes them); ' +
        'older keys may follow, one a line.',
    );
  }
  return keys;
}

/** What a line's SIP password is bound to. */
export const lineContext = (tenantId: string, lineId: string): string => `line\n${tenantId}\n${lineId}`;
