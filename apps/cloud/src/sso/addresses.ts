import type { FastifyRequest } from 'fastify';
import type { ServiceProvider } from './saml/service-provider.ts';

/** Where people come: as set, or as asked where nothing is set (on the own machine). */
export const originFor = (request: FastifyRequest, publicOrigin: string | undefined): string =>
  publicOrigin ?? `${request.protocol}://${request.host}`;

export const redirectUri = (origin: string, ssoId: string): string =>
  `${origin}/api/sso/oidc/callback/${ssoId}`;

export const serviceProvider = (origin: string, ssoId: string): ServiceProvider => ({
  entityId: `${origin}/api/sso/saml/${ssoId}/metadata`,
  acsUrl: `${origin}/api/sso/saml/${ssoId}/acs`,
});

export const startPath = (ssoId: string): string => `/api/sso/${ssoId}/start`;
