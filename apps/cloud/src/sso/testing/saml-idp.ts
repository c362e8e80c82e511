import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { escapeXml, parseXml, isXmlFault, childOf, textOf } from '@offhook/xml';
import { SignedXml } from 'xml-crypto';
import type { SigningKey } from './certificates.ts';

/** What an identity provider puts into its response; a test that attacks changes one of them. */
export type Statement = {
  issuer: string;
  audience: string;
  recipient: string;
  destination: string | undefined;
  inResponseTo: string;
  /** XML: as it stands in the document. */
  nameId: string;
  attributes: Record<string, string>;
  assertionId: string;
  responseId: string;
  /** Milliseconds since the epoch. */
  issuedAt: number;
  notBefore: number;
  notOnOrAfter: number;
  confirmedUntil: number;
  status: string;
  sign: 'assertion' | 'response' | 'both' | 'nothing';
  signatureAlgorithm: string;
  digestAlgorithm: string;
};

export type AuthnRequest = { id: string; acsUrl: string; issuer: string; relayState: string };

const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const at = (millis: number) => new Date(millis).toISOString();

/** The request in an address by the redirect binding. */
export function readRequest(address: string): AuthnRequest {
  const { searchParams } = new URL(address);
  const xml = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  const root = parseXml(xml);
  if (isXmlFault(root)) throw new Error(root.text);
  const issuer = root.children.find(({ name }) => name === 'Issuer');
  if (issuer === undefined || childOf(root, 'NameIDPolicy') === undefined) throw new Error(xml);
  return {
    id: root.attributes.get('ID') ?? '',
    acsUrl: root.attributes.get('AssertionConsumerServiceURL') ?? '',
    issuer: textOf(issuer),
    relayState: searchParams.get('RelayState') ?? '',
  };
}

/** What an honest identity provider would say. */
export function statementFor(
  request: Pick<AuthnRequest, 'id' | 'acsUrl' | 'issuer'>,
  issuer: string,
  email: string,
  change: Partial<Statement> = {},
): Statement {
  const now = Date.now();
  return {
    issuer,
    audience: request.issuer,
    recipient: request.acsUrl,
    destination: request.acsUrl,
    inResponseTo: request.id,
    nameId: escapeXml(email),
    attributes: {},
    assertionId: `_a${randomBytes(12).toString('hex')}`,
    responseId: `_r${randomBytes(12).toString('hex')}`,
    issuedAt: now,
    notBefore: now - 30_000,
    notOnOrAfter: now + 5 * 60_000,
    confirmedUntil: now + 5 * 60_000,
    status: 'Success',
    sign: 'assertion',
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    ...change,
  };
}

export function assertionXml(statement: Statement): string {
  const attributes = Object.entries(statement.attributes)
    .map(
      ([name, value]) =>
        `<saml:Attribute Name="${escapeXml(name)}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`,
    )
    .join('');
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="${statement.assertionId}" IssueInstant="${at(statement.issuedAt)}">` +
    `<saml:Issuer>${escapeXml(statement.issuer)}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${statement.nameId}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${escapeXml(statement.recipient)}" InResponseTo="${statement.inResponseTo}" NotOnOrAfter="${at(statement.confirmedUntil)}"/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${at(statement.notBefore)}" NotOnOrAfter="${at(statement.notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${escapeXml(statement.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${at(statement.issuedAt)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    (attributes === '' ? '' : `<saml:AttributeStatement>${attributes}</saml:AttributeStatement>`) +
    `</saml:Assertion>`
  );
}

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:';

export function responseXml(statement: Statement, inner: string): string {
  const destination =
    statement.destination === undefined ? '' : ` Destination="${escapeXml(statement.destination)}"`;
  const code =
    statement.status === 'Success'
      ? `<samlp:StatusCode Value="${STATUS}Success"/>`
      : `<samlp:StatusCode Value="${STATUS}Responder"><samlp:StatusCode Value="${STATUS}${statement.status}"/></samlp:StatusCode>`;
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="${statement.responseId}" IssueInstant="${at(statement.issuedAt)}"${destination} InResponseTo="${statement.inResponseTo}">` +
    `<saml:Issuer>${escapeXml(statement.issuer)}</saml:Issuer><samlp:Status>${code}</samlp:Status>${inner}</samlp:Response>`
  );
}

/** An enveloped signature of the element with this ID, after its issuer, as the schema wants it. */
export function signElement(
  xml: string,
  id: string,
  { certificate, key }: SigningKey,
  { signatureAlgorithm, digestAlgorithm }: Pick<Statement, 'signatureAlgorithm' | 'digestAlgorithm'>,
): string {
  const signed = new SignedXml({
    privateKey: key,
    publicCert: certificate,
    signatureAlgorithm,
    canonicalizationAlgorithm: C14N,
  });
  const xpath = `//*[@ID='${id}']`;
  signed.addReference({ xpath, transforms: [ENVELOPED, C14N], digestAlgorithm });
  signed.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signed.getSignedXml();
}

/** A whole response, signed as the statement says. */
export function respond(statement: Statement, key: SigningKey): string {
  const { sign, assertionId, responseId } = statement;
  let assertion = statement.status === 'Success' ? assertionXml(statement) : '';
  if (assertion !== '' && (sign === 'assertion' || sign === 'both'))
    assertion = signElement(assertion, assertionId, key, statement);
  const response = responseXml(statement, assertion);
  return sign === 'response' || sign === 'both'
    ? signElement(response, responseId, key, statement)
    : response;
}

export const encode = (xml: string): string => Buffer.from(xml).toString('base64');

export function idpMetadata(entityId: string, signOnUrl: string, certificates: string[]): string {
  const keys = certificates
    .map((pem) => pem.replaceAll(/-----[A-Z ]+-----|\s/gu, ''))
    .map(
      (base64) =>
        `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    )
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- as identity providers write it -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(entityId)}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys}
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${escapeXml(`${signOnUrl}/post`)}"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${escapeXml(signOnUrl)}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;
}
