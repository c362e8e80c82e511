import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

export type TestProvider = {
  issuer: string;
  origin: string;
  clientId: string;
  clientSecret: string;
  /** Sign in on the page to which a browser was sent. The address to which the form goes, and its fields. */
  form: (page: { url: string }, email: string) => { url: string; form: Record<string, string> };
};

export type Claims = { email?: string; email_verified?: boolean; name?: string };

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => {
      server.close(done);
    });
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return new URLSearchParams(text);
}

/**
 * A real OpenID provider. Its sign-in page asks for an address alone; `cancel` instead of one refuses.
 * @param claims of each account by its address; who is not there has a verified address
 */
export async function openProvider(options: {
  redirectUris: string[];
  claims?: Record<string, Claims>;
  /** The ID token says nothing of the address: it has to be asked for. */
  onlyUserinfo?: boolean;
}): Promise<TestProvider> {
  const clientId = 'offhook';
  const clientSecret = 'a secret of the client & more';
  let provider: Provider | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (provider === undefined) return;
    if (request.url?.startsWith('/interaction/') !== true) {
      await provider.callback()(request, response);
      return;
    }
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<form method="post"><input name="login"></form>');
      return;
    }
    const login = (await bodyOf(request)).get('login') ?? '';
    const result =
      login === 'cancel'
        ? { error: 'access_denied', error_description: 'The person said no.' }
        : { login: { accountId: login } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const origin = await listen(server);
  provider = new Provider(origin, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: options.redirectUris }],
    cookies: { keys: ['test'] },
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: options.onlyUserinfo === true,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true, name: 'Nina Neu', ...options.claims?.[id] }),
    }),
    // Nobody is asked whether Offhook may know.
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      if (provider === undefined || client === undefined || session?.accountId === undefined)
        return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  // It warns of what is right for a test and wrong otherwise.
  provider.on('server_error', (_ctx, error) => server.emit('error', error));
  return {
    issuer: origin,
    origin,
    clientId,
    clientSecret,
    form: ({ url }, email) => ({ url, form: { login: email } }),
  };
}
