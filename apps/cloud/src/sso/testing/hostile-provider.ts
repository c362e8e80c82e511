import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How a provider misbehaves; each part answers rightly where it is absent. */
export type Misbehaviour = {
  metadata?: (right: Record<string, unknown>) => unknown;
  claims?: (right: Record<string, unknown>) => Record<string, unknown>;
  header?: Record<string, unknown>;
  /** The signature of another key, or none. */
  signature?: 'other' | 'none';
  /** Added to the address to which the browser goes back. */
  callback?: (right: URLSearchParams) => void;
  token?: { status: number; body: unknown };
};

export type HostileProvider = {
  issuer: string;
  behave: (how: Misbehaviour) => void;
  tokenRequests: URLSearchParams[];
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const key = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });

/** An OpenID provider that signs everybody in at once, and says whatever a test wants of it. */
export async function openHostileProvider(email: string, host = '127.0.0.1'): Promise<HostileProvider> {
  const [own, other] = [key(), key()];
  const nonces = new Map<string, { nonce: string; clientId: string }>();
  const tokenRequests: URLSearchParams[] = [];
  let how: Misbehaviour = {};
  let issuer = '';

  const idToken = ({ nonce, clientId }: { nonce: string; clientId: string }) => {
    const now = Math.floor(Date.now() / 1000);
    const right = {
      iss: issuer,
      aud: clientId,
      sub: '1',
      nonce,
      iat: now,
      exp: now + 300,
      email,
      email_verified: true,
      name: 'Anna',
    };
    const input = `${encode({ alg: 'RS256', kid: 'k', ...how.header })}.${encode(how.claims?.(right) ?? right)}`;
    const signer = createPrivateKey(how.signature === 'other' ? other : own);
    const signature =
      how.signature === 'none' ? '' : sign('sha256', Buffer.from(input), signer).toString('base64url');
    return `${input}.${signature}`;
  };
  const metadata = () => {
    const right = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
    return how.metadata?.(right) ?? right;
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const json = (body: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const answer = async () => {
      if (url.pathname === '/.well-known/openid-configuration') return json(metadata());
      if (url.pathname === '/jwks')
        return json({
          keys: [{ ...createPublicKey(own).export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }],
        });
      if (url.pathname === '/authorize') {
        const code = `code-${nonces.size + 1}`;
        const asked = (name: string) => url.searchParams.get(name) ?? '';
        nonces.set(code, { nonce: asked('nonce'), clientId: asked('client_id') });
        const back = new URL(asked('redirect_uri'));
        const query = new URLSearchParams({ code, state: asked('state') });
        how.callback?.(query);
        back.search = query.toString();
        return response.writeHead(303, { location: back.href }).end();
      }
      let text = '';
      for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
      const form = new URLSearchParams(text);
      tokenRequests.push(form);
      if (how.token !== undefined) return json(how.token.body, how.token.status);
      const known = nonces.get(form.get('code') ?? '');
      nonces.delete(form.get('code') ?? '');
      if (known === undefined) return json({ error: 'invalid_grant' }, 400);
      return json({ access_token: 'a', token_type: 'Bearer', id_token: idToken(known) });
    };
    answer().catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => {
      server.close(done);
    });
  });
  issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  return { issuer, tokenRequests, behave: (next) => void (how = next) };
}
