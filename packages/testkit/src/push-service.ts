import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedPush = { path: string; headers: IncomingHttpHeaders; vapid: Vapid; message: unknown };
/** As the browser's `PushSubscription.toJSON()` says it. */
export type TestSubscription = { endpoint: string; keys: { p256dh: string; auth: string } };
export type Vapid = { publicKey: string; aud: string; exp: number; sub: string };

/** A push service with its browsers: what it takes it opens as a browser does (RFC 8291), after it has checked who signed it (RFC 8292). */
export type TestPushService = {
  url: string;
  /** A browser that subscribes here. */
  browser: () => TestSubscription;
  /** The next push; waits for it. */
  next: () => Promise<ReceivedPush>;
  /** From now on this browser's subscription is answered so. */
  answer: (subscription: TestSubscription, status: number) => void;
  close: () => void;
};

export async function openPushService(): Promise<TestPushService> {
  const browsers = new Map<string, { status: number; open: (body: Buffer) => unknown }>();
  const received: ReceivedPush[] = [];
  const waiting: ((push: ReceivedPush) => void)[] = [];
  let made = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const browser = browsers.get(path);
      if (browser === undefined) {
        response.writeHead(404).end();
        return;
      }
      if (browser.status === 201) {
        const push = {
          path,
          headers: request.headers,
          vapid: checkVapid(request.headers.authorization ?? '', url),
          message: browser.open(Buffer.concat(chunks)),
        };
        const waiter = waiting.shift();
        if (waiter === undefined) received.push(push);
        else waiter(push);
      }
      response.writeHead(browser.status).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    browser: () => {
      const keys = createECDH('prime256v1');
      const p256dh = keys.generateKeys();
      const auth = randomBytes(16);
      made += 1;
      browsers.set(`/push/${made}`, { status: 201, open: (body) => openPush(body, keys, auth) });
      return {
        endpoint: `${url}/push/${made}`,
        keys: { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') },
      };
    },
    next: () =>
      new Promise((resolve) => {
        const push = received.shift();
        if (push === undefined) waiting.push(resolve);
        else resolve(push);
      }),
    answer: (subscription, status) => {
      const browser = browsers.get(new URL(subscription.endpoint).pathname);
      if (browser !== undefined) browser.status = status;
    },
    close: () => void server.close(),
  };
}

const derive = (secret: Buffer, by: Buffer, info: Buffer, length: number) =>
  Buffer.from(hkdfSync('sha256', secret, by, info, length));

/** RFC 8291 section 3.4 and RFC 8188 section 2: one record. */
function openPush(body: Buffer, keys: ReturnType<typeof createECDH>, auth: Buffer): unknown {
  const salt = body.subarray(0, 16);
  const keyLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + keyLength);
  const sealed = body.subarray(21 + keyLength);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), senderKey]);
  const secret = derive(keys.computeSecret(senderKey), auth, info, 32);
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  return JSON.parse(padded.subarray(0, end).toString()) as unknown;
}

/** RFC 8292 section 2: a JWT of the key that it names, for this push service, for at most a day. */
function checkVapid(header: string, origin: string): Vapid {
  const [, token = '', publicKey = ''] = /^vapid t=([^,]+), ?k=(.+)$/u.exec(header) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Omit<Vapid, 'publicKey'>;
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  const left = said.exp - Date.now() / 1000;
  if (!signed || said.aud !== origin || left <= 0 || left > 86_400)
    throw new Error('not signed as RFC 8292 asks');
  return { ...said, publicKey };
}
