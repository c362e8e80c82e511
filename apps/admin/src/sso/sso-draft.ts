import type { SsoSettings } from '@offhook/contract';

/** What the inputs of the form hold. The client's secret is empty unless somebody types a new one. */
export interface SsoDraft {
  readonly kind: 'oidc' | 'saml';
  readonly name: string;
  readonly domains: string[];
  readonly justInTime: boolean;
  readonly enabled: boolean;
  readonly only: boolean;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  readonly metadata: string;
  readonly entityId: string;
  readonly signOnUrl: string;
  readonly certificate: string;
  readonly emailAttribute: string;
  readonly nameAttribute: string;
}

export function draftOf({ connection }: SsoSettings): SsoDraft {
  return {
    kind: connection?.kind ?? 'oidc',
    name: connection?.name ?? '',
    domains: connection?.domains ?? [],
    justInTime: connection?.justInTime ?? false,
    enabled: connection?.enabled ?? false,
    only: connection?.only ?? false,
    issuer: connection?.issuer ?? '',
    clientId: connection?.clientId ?? '',
    clientSecret: '',
    scopes: connection?.scopes ?? 'openid email profile',
    metadata: '',
    entityId: connection?.entityId ?? '',
    signOnUrl: connection?.signOnUrl ?? '',
    certificate: '',
    emailAttribute: connection?.emailAttribute ?? '',
    nameAttribute: connection?.nameAttribute ?? '',
  };
}

const filled = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  );

/** For the contract's schema to judge. What metadata tells is not sent beside it: what is typed would win over it. */
export function inputOf(draft: SsoDraft): Record<string, unknown> {
  const { kind, domains, justInTime, enabled, only } = draft;
  const common = { kind, name: draft.name, domains, justInTime, enabled, only: enabled && only };
  if (kind === 'oidc') {
    return {
      ...common,
      issuer: draft.issuer.trim(),
      clientId: draft.clientId.trim(),
      scopes: draft.scopes.trim(),
      ...filled({ clientSecret: draft.clientSecret }),
    };
  }
  const { metadata, entityId, signOnUrl, certificate, emailAttribute, nameAttribute } = draft;
  return {
    ...common,
    ...filled({ emailAttribute, nameAttribute }),
    ...(metadata.trim() === '' ? filled({ entityId, signOnUrl }) : { metadata }),
    ...(metadata.trim() === '' && certificate.trim() !== '' ? { certificates: [certificate] } : {}),
  };
}
