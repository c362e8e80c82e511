import * as client from 'openid-client';
import { SsoProblem } from './fault.ts';
import type { Identity } from './identity.ts';
import { checkCompanyAccount, identityOf } from './identity.ts';
import { problemOfOidc } from './oidc-problems.ts';
import type { Outbound } from './outbound.ts';

/**
 * OpenID Connect by the code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636, RFC 9700). Each connection has a redirect
 * address of its own, and `iss` is compared where it comes (RFC 9207), so that one provider's code cannot be taken to another.
 */
export type OidcSettings = { kind: 'oidc'; issuer: string; clientId: string; scopes: string };

/** What only this service knows of a sign-in under way. */
export type OidcPrivate = { verifier: string; nonce: string };

export type OidcConnection = {
  settings: OidcSettings;
  secret: string | undefined;
  domains: readonly string[];
  /** Those of them that are proved. */
  proved: readonly string[];
  /** Whoever has the same has the same settings: what was discovered is kept under it. */
  hash: string;
};

/** Seconds. */
const DISCOVERY_TIMEOUT = 10;
const CLOCK_TOLERANCE = 120;
const KEEP_DISCOVERED = 10 * 60_000;
const DISCOVERED_AT_MOST = 500;

export type Oidc = ReturnType<typeof createOidc>;

export function createOidc(outbound: Outbound, now: () => number = Date.now) {
  const discovered = new Map<string, { until: number; configuration: client.Configuration }>();

  const discover = async ({ settings, secret }: OidcConnection): Promise<client.Configuration> => {
    const refusal = outbound.refusalOf(settings.issuer);
    if (refusal !== undefined) throw new SsoProblem('issuer_unreachable', refusal);
    let configuration: client.Configuration;
    try {
      configuration = await client.discovery(
        new URL(settings.issuer),
        settings.clientId,
        { [client.clockTolerance]: CLOCK_TOLERANCE },
        secret === undefined ? client.None() : secretIn(secret),
        {
          timeout: DISCOVERY_TIMEOUT,
          [client.customFetch]: outbound.fetch,
          // Which addresses are reached, and how, is decided in one place: the outbound.
          execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
        },
      );
    } catch (error) {
      throw problemOfOidc(error, 'discovery');
    }
    const server = configuration.serverMetadata();
    if (withoutSlash(server.issuer) !== withoutSlash(settings.issuer))
      throw new SsoProblem('issuer_mismatch', `The provider calls itself ${server.issuer}.`);
    for (const [name, address] of Object.entries({
      authorization_endpoint: server.authorization_endpoint,
      token_endpoint: server.token_endpoint,
      jwks_uri: server.jwks_uri,
    })) {
      if (address === undefined) throw new SsoProblem('metadata_invalid', `${name} is missing.`);
      const refused = outbound.refusalOf(address);
      if (refused !== undefined) throw new SsoProblem('metadata_invalid', `${name}: ${refused}`);
    }
    return configuration;
  };

  const configurationOf = async (connection: OidcConnection): Promise<client.Configuration> => {
    const known = discovered.get(connection.hash);
    if (known !== undefined && known.until > now()) return known.configuration;
    const configuration = await discover(connection);
    discovered.delete(connection.hash);
    discovered.set(connection.hash, { until: now() + KEEP_DISCOVERED, configuration });
    const [oldest] = discovered.keys();
    if (discovered.size > DISCOVERED_AT_MOST && oldest !== undefined) discovered.delete(oldest);
    return configuration;
  };

  /**
   * Where the browser goes. @throws SsoProblem
   * @param isTest asks the provider anew, and looks at the page to which the browser would go: providers tell of a wrong client or redirect
   *   address there and never send anybody back
   */
  const begin = async (
    connection: OidcConnection,
    redirectUri: string,
    state: string,
    isTest: boolean,
  ): Promise<{ url: string; kept: OidcPrivate }> => {
    if (isTest) discovered.delete(connection.hash);
    const configuration = await configurationOf(connection);
    const kept = { verifier: client.randomPKCECodeVerifier(), nonce: client.randomNonce() };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: connection.settings.scopes,
      state,
      nonce: kept.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(kept.verifier),
      code_challenge_method: 'S256',
    }).href;
    if (isTest) await look(url);
    return { url, kept };
  };

  const look = async (url: string): Promise<void> => {
    let status: number;
    let text: string;
    try {
      const response = await outbound.fetch(url, { headers: { accept: 'text/html,*/*' } });
      status = response.status;
      text = `${response.headers.get('location') ?? ''} ${await response.text()}`;
    } catch (error) {
      throw problemOfOidc(error, 'discovery');
    }
    // Entra ID complains on a page with status 200: of the redirect address, of the application, of the directory.
    const code = /AADSTS(50011|700016|90002)\b/u.exec(text)?.[1];
    if (status < 400 && code === undefined) return;
    if (code === '50011' || /redirect[_ ]?uri/iu.test(text))
      throw new SsoProblem(
        'redirect_uri_rejected',
        `The provider answered ${status} to the redirect address.`,
      );
    if (code !== undefined || /client/iu.test(text) || status === 401)
      throw new SsoProblem('client_rejected', `The provider answered ${status} to the client ID.`);
    throw new SsoProblem('response_invalid', `The provider's sign-in page answered ${status}.`);
  };

  /** Who came, from the address to which the browser came back. @throws SsoProblem */
  const finish = async (
    connection: OidcConnection,
    currentUrl: URL,
    state: string,
    { verifier, nonce }: OidcPrivate,
  ): Promise<Identity> => {
    const configuration = await configurationOf(connection);
    const { issuer } = configuration.serverMetadata();
    const named = currentUrl.searchParams.get('iss');
    if (named !== null && named !== issuer)
      throw new SsoProblem('issuer_mismatch', `The answer comes from ${named}.`);
    try {
      const tokens = await client.authorizationCodeGrant(configuration, currentUrl, {
        pkceCodeVerifier: verifier,
        expectedNonce: nonce,
        expectedState: state,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new SsoProblem('response_invalid', 'There is no ID token.');
      if (claims['azp'] !== undefined && claims['azp'] !== connection.settings.clientId)
        throw new SsoProblem('audience_wrong', 'The ID token was made for another client (azp).');
      return identityOf(await claimed(configuration, tokens.access_token, claims, connection), connection);
    } catch (error) {
      throw problemOfOidc(error, 'answer');
    }
  };

  return { begin, finish };
}

/** By the way that the provider offers; without a word it is in the header (OpenID Connect Discovery 1.0 section 3). */
function secretIn(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const offered = server.token_endpoint_auth_methods_supported;
    const isBasic = offered === undefined || offered.includes('client_secret_basic');
    return (isBasic ? basic : post)(server, ...rest);
  };
}

const withoutSlash = (issuer: string) => issuer.replace(/\/$/u, '');
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** E-mail address and name from the ID token, or from the userinfo endpoint where it says too little. */
async function claimed(
  configuration: client.Configuration,
  accessToken: string,
  claims: client.IDToken,
  { domains }: OidcConnection,
): Promise<{ email: string | undefined; name: string | undefined }> {
  let all: Record<string, unknown> = claims;
  const { userinfo_endpoint, issuer } = configuration.serverMetadata();
  if (text(claims['email']) === undefined && userinfo_endpoint !== undefined)
    all = { ...claims, ...(await client.fetchUserInfo(configuration, accessToken, claims.sub)) };
  if (all['email_verified'] === false || all['email_verified'] === 'false')
    throw new SsoProblem(
      'email_unverified',
      'The provider says that the e-mail address has not been verified.',
    );
  checkCompanyAccount(issuer, all['hd'], domains);
  return { email: text(all['email']), name: text(all['name']) };
}
