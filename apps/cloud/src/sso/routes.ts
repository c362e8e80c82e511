import {
  ErrorBody,
  OffhookError,
  SignInMethods,
  SSO_ERROR_PARAMETER,
  SsoDomain,
  SsoDomainByHand,
  SsoDomainCheck,
  SsoDomainName,
  SsoInput,
  SsoSettings,
  SsoTest,
  TenantId,
} from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Database } from '../database/database.ts';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { whereFrom, type Sessions } from '../sign-in/sessions.ts';
import { originFor, serviceProvider, startPath } from './addresses.ts';
import { ATTEMPT_LIFETIME } from './attempts.ts';
import { findDomain } from './connections.ts';
import type { Domains } from './domains.ts';
import type { Browser, Flow, Next } from './flow.ts';
import { withParameter } from './return-path.ts';
import { providerMetadata } from './saml/service-provider.ts';
import type { SettingsService } from './settings.ts';

export type SsoRoutes = {
  database: Database;
  settings: SettingsService;
  domains: Domains;
  flow: Flow;
  sessions: Sessions;
  publicOrigin: string | undefined;
};

/** Metadata of 200,000 characters, or five certificates of 20,000, and what JSON adds to them. */
const SETTINGS_BYTES = 512 * 1024;
/** A form with a response of 192 KiB in base64. */
const FORM_BYTES = 320 * 1024;

const SsoId = z.object({ ssoId: z.string().max(64) });
const State = z.string().min(20).max(100);
const Form = z.object({ SAMLResponse: z.string().min(1), RelayState: State });

const browserOf = (request: FastifyRequest): Browser => ({ ...whereFrom(request), requestId: request.id });
const searchOf = (request: FastifyRequest): string => {
  const { url = '' } = request.raw;
  return url.includes('?') ? url.slice(url.indexOf('?')) : '';
};

export async function ssoRoutes(app: App, options: SsoRoutes): Promise<void> {
  settingsRoutes(app, options);
  domainRoutes(app, options);
  browserRoutes(app, options);
  await samlResponseRoute(app, options);
}

function settingsRoutes(app: App, { database, settings, flow, publicOrigin }: SsoRoutes): void {
  const originOf = (request: FastifyRequest) => originFor(request, publicOrigin);

  app.route({
    method: 'GET',
    url: '/api/admin/sso',
    config: { access: 'sso.write' },
    schema: { summary: 'Single sign-on of the tenant', response: { 200: SsoSettings } },
    handler: (request) => settings.get(personOf(request).tenantId, originOf(request)),
  });

  app.route({
    method: 'PUT',
    url: '/api/admin/sso',
    config: { access: 'sso.write' },
    bodyLimit: SETTINGS_BYTES,
    schema: {
      summary: 'Set up single sign-on',
      body: SsoInput,
      response: { 200: SsoSettings, 400: ErrorBody, 409: ErrorBody },
    },
    handler: (request) =>
      settings.put(personOf(request).tenantId, actorOf(request), originOf(request), request.body),
  });

  app.route({
    method: 'DELETE',
    url: '/api/admin/sso',
    config: { access: 'sso.write' },
    schema: { summary: 'Remove single sign-on', response: { 204: z.null(), 404: ErrorBody } },
    handler: async (request, reply) => {
      await settings.remove(personOf(request).tenantId, actorOf(request));
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/admin/sso/test',
    config: { access: 'sso.write' },
    schema: { summary: 'Begin a test run', response: { 200: SsoTest, 404: ErrorBody } },
    handler: (request) => flow.beginTest(personOf(request).tenantId, actorOf(request), originOf(request)),
  });

  app.route({
    method: 'GET',
    url: '/api/admin/sso/test/:testId',
    config: { access: 'sso.write' },
    schema: {
      summary: 'How a test run went',
      params: z.object({ testId: z.string().max(64) }),
      response: { 200: SsoTest, 404: ErrorBody },
    },
    handler: (request) => flow.readTest(personOf(request).tenantId, request.params.testId, originOf(request)),
  });

  app.route({
    method: 'GET',
    url: '/api/sign-in-methods',
    config: { access: 'anyone' },
    schema: {
      summary: 'How people with this e-mail domain sign in',
      querystring: z.object({ email: z.string().max(254) }),
      response: { 200: SignInMethods },
    },
    handler: async (request) => {
      const email = request.query.email.trim().toLowerCase();
      // The domain alone is looked up: whether somebody has the address takes no part in the answer.
      const found = await findDomain(database, email.slice(email.lastIndexOf('@') + 1));
      if (found === undefined) return { passwordAllowed: true };
      const { name, ssoId, only } = found;
      return { sso: { name, startUrl: startPath(ssoId) }, passwordAllowed: !only };
    },
  });
}

/** The proof of e-mail domains. */
function domainRoutes(app: App, { domains }: SsoRoutes): void {
  app.route({
    method: 'POST',
    url: '/api/admin/sso/domains/:domain/check',
    config: { access: 'sso.write' },
    schema: {
      summary: 'Look for the proof of an e-mail domain in the DNS',
      params: z.object({ domain: SsoDomainName }),
      response: { 200: SsoDomainCheck, 404: ErrorBody, 429: ErrorBody },
    },
    handler: (request) => domains.check(personOf(request).tenantId, actorOf(request), request.params.domain),
  });

  app.route({
    method: 'POST',
    url: '/api/provider/tenants/:tenantId/sso-domains',
    config: { access: 'provider.tenants.write' },
    schema: {
      summary: 'Take a tenant’s e-mail domain as proved: for networks without public DNS',
      params: z.object({ tenantId: TenantId }),
      body: SsoDomainByHand,
      response: { 200: SsoDomain, 404: ErrorBody, 409: ErrorBody },
    },
    handler: (request) =>
      domains.proveByProvider(request.params.tenantId, actorOf(request), request.body.domain),
  });
}

/** Ways of a browser: each ends in a redirect, or in an error of the API where the address is none. */
function goOn(options: SsoRoutes, request: FastifyRequest, reply: FastifyReply, next: Next): FastifyReply {
  const { sessions, publicOrigin } = options;
  const cookie = {
    path: '/api/sso',
    httpOnly: true,
    // The identity provider's page sends the browser back: by GET, to which a lax cookie comes along.
    sameSite: 'lax',
    secure: publicOrigin?.startsWith('https:') === true,
  } as const;
  if (next.cookie !== undefined) {
    const { name, value } = next.cookie;
    void reply.setCookie(name, value, { ...cookie, maxAge: ATTEMPT_LIFETIME / 1000 });
  }
  if (next.spent !== undefined) void reply.clearCookie(next.spent, cookie);
  if (next.opened !== undefined) sessions.setCookies(request, reply, next.opened);
  return reply.redirect(next.location, 303);
}

function browserRoutes(app: App, options: SsoRoutes): void {
  const { flow, publicOrigin } = options;

  app.route({
    method: 'GET',
    url: '/api/sso/:ssoId/start',
    config: { access: 'anyone' },
    schema: {
      summary: 'Go to the identity provider',
      params: SsoId,
      querystring: z.object({ return: z.string().max(2000).optional(), test: z.string().max(64).optional() }),
      response: { 303: z.null(), 404: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const origin = originFor(request, publicOrigin);
      // Another site's page must not begin a sign-in: it could be at a tenant of its own, and sign the browser in as somebody who is not the person before it.
      const site = request.headers['sec-fetch-site'];
      if (site === 'cross-site' || site === 'same-site')
        return reply.redirect(withParameter('/', SSO_ERROR_PARAMETER, 'state_unknown'), 303);
      const next = await flow.start(request.params.ssoId, request.query, origin, browserOf(request));
      return goOn(options, request, reply, next);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/sso/oidc/callback/:ssoId',
    config: { access: 'anyone' },
    schema: {
      summary: 'Back from the OpenID Connect provider',
      params: SsoId,
      response: { 303: z.null(), 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { ssoId } = request.params;
      const next = await flow.oidcCallback(ssoId, searchOf(request), request.cookies, browserOf(request));
      return goOn(options, request, reply, next);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/sso/saml/:ssoId/finish',
    config: { access: 'anyone' },
    schema: {
      summary: 'Back from the SAML provider',
      params: SsoId,
      querystring: z.object({ state: State }),
      response: { 303: z.null(), 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { ssoId } = request.params;
      const next = await flow.samlFinish(ssoId, request.query.state, request.cookies, browserOf(request));
      return goOn(options, request, reply, next);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/sso/saml/:ssoId/metadata',
    config: { access: 'anyone' },
    schema: {
      summary: 'SAML metadata of this service, for the identity provider',
      params: SsoId,
      response: { 200: z.string(), 404: ErrorBody },
    },
    handler: async (request, reply) => {
      const { ssoId } = request.params;
      // The same for every tenant but for its name in the addresses: asked for before anything is set up.
      if (!/^sso_[\w-]{20}$/u.test(ssoId)) throw new OffhookError('not_found');
      const xml = providerMetadata(serviceProvider(originFor(request, publicOrigin), ssoId));
      return reply
        .type('application/samlmetadata+xml')
        .serializer((text: unknown) => String(text))
        .send(xml);
    },
  });
}

/** Forms are read here and nowhere else: no other route takes what another site's page can send by itself. */
async function samlResponseRoute(app: App, options: SsoRoutes): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_request, body, done) => {
        const fields = [...new URLSearchParams(String(body))];
        const names = fields.map(([name]) => name);
        if (new Set(names).size !== names.length) done(new OffhookError('bad_request'));
        else done(null, Object.fromEntries(fields));
      },
    );
    scope.route({
      method: 'POST',
      url: '/api/sso/saml/:ssoId/acs',
      config: { access: 'anyone', crossSite: true },
      bodyLimit: FORM_BYTES,
      schema: {
        summary: 'The SAML provider’s response',
        params: SsoId,
        body: Form,
        response: { 303: z.null(), 400: ErrorBody, 404: ErrorBody },
      },
      handler: async (request, reply) => {
        const { ssoId } = SsoId.parse(request.params);
        const { SAMLResponse, RelayState } = Form.parse(request.body);
        const next = await options.flow.samlResponse(ssoId, { response: SAMLResponse, state: RelayState });
        return goOn(options, request, reply, next);
      },
    });
  });
}
