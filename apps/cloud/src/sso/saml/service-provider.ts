import {
  generateServiceProviderMetadata,
  SAML as NodeSaml,
  ValidateInResponseTo,
} from '@node-saml/node-saml';

export type SamlSettings = {
  kind: 'saml';
  entityId: string;
  signOnUrl: string;
  /** PEM. */
  certificates: string[];
  emailAttribute?: string | undefined;
  nameAttribute?: string | undefined;
};

/** This service as the identity provider knows it. */
export type ServiceProvider = { entityId: string; acsUrl: string };

const EMAIL_FORMAT = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';

/** The library with everything off that `response.ts` does: it is asked for requests, and for what of a response is signed. */
export const nodeSaml = (
  { entityId, acsUrl }: ServiceProvider,
  { signOnUrl, emailAttribute }: SamlSettings,
  certificates: string[],
  requestId = '_none',
): NodeSaml =>
  new NodeSaml({
    issuer: entityId,
    callbackUrl: acsUrl,
    entryPoint: signOnUrl,
    idpCert: certificates,
    generateUniqueId: () => requestId,
    identifierFormat: emailAttribute === undefined ? EMAIL_FORMAT : null,
    disableRequestedAuthnContext: true,
    signatureAlgorithm: 'sha256',
    // One signature, around the response or around its assertion, must cover what is used.
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    audience: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
  });

/** Where the browser goes: an AuthnRequest by the redirect binding (SAML 2.0 Bindings section 3.4). */
export const signOnAddress = (
  provider: ServiceProvider,
  settings: SamlSettings,
  requestId: string,
  relayState: string,
): Promise<string> =>
  nodeSaml(provider, settings, settings.certificates, requestId).getAuthorizeUrlAsync(
    relayState,
    undefined,
    {},
  );

/** For the identity provider's administrator. */
export const providerMetadata = ({ entityId, acsUrl }: ServiceProvider): string =>
  generateServiceProviderMetadata({
    issuer: entityId,
    callbackUrl: acsUrl,
    identifierFormat: EMAIL_FORMAT,
    wantAssertionsSigned: true,
    generateUniqueId: () => '_offhook',
  });
