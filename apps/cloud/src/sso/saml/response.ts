import { textOf, type XmlElement } from '@offhook/xml';
import { SsoProblem } from '../fault.ts';
import { inspectCertificate } from './certificates.ts';
import { BEARER, SAML, SAMLP, STATUS } from './names.ts';
import { nodeSaml, type SamlSettings, type ServiceProvider } from './service-provider.ts';
import { checkSignedShape, checkStructure, RESPONSE_OCTETS } from './structure.ts';
import { childrenNamed, isNamed, onlyChild, readStrictly } from './xml.ts';

/** Clocks may differ by so much. */
const SKEW = 2 * 60_000;

/** What a response proves. */
export type Asserted = {
  email: string | undefined;
  name: string | undefined;
  assertionId: string;
  /** Until then it must be remembered, so that it is not accepted again. Milliseconds. */
  expiresAt: number;
};

export type Expected = { provider: ServiceProvider; requestId: string; now: number };

/**
 * A response by the POST binding (SAML 2.0 Profiles section 4.1.4.3). Its shape is looked at first, then its signature by
 * `@node-saml/node-saml`; everything that is believed is read from the octets which that signature covers, and from nothing else.
 * @param encoded base64, as the form field has it
 * @throws SsoProblem
 */
export async function acceptResponse(
  settings: SamlSettings,
  encoded: string,
  expected: Expected,
): Promise<Asserted> {
  const xml = decode(encoded);
  const root = checkStructure(xml);
  checkAddressee(root, settings, expected);
  checkStatus(root);
  checkSignedShape(root);
  return readAssertion(await signedPart(settings, encoded, expected), settings, expected);
}

const invalid = () => new SsoProblem('response_invalid', 'SAMLResponse is not base64 of UTF-8.');

function decode(encoded: string): string {
  if (encoded.length > RESPONSE_OCTETS * 1.5 || !/^[A-Za-z0-9+/=\s]+$/u.test(encoded)) throw invalid();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'));
  } catch {
    throw invalid();
  }
}

/** For whom the response says it is; what is signed is asked again later. */
function checkAddressee(
  root: XmlElement,
  { entityId }: SamlSettings,
  { provider, requestId }: Expected,
): void {
  const destination = root.attributes.get('Destination');
  if (destination !== undefined && destination !== provider.acsUrl)
    throw new SsoProblem('audience_wrong', `The response is for ${destination} (Destination).`);
  const answers = root.attributes.get('InResponseTo');
  if (answers !== undefined && answers !== requestId)
    throw new SsoProblem('state_unknown', 'The response answers another request (InResponseTo).');
  checkIssuer(root, entityId, false);
}

function checkIssuer(element: XmlElement, entityId: string, isRequired: boolean): void {
  const issuers = childrenNamed(element, SAML, 'Issuer');
  if (issuers.length === 0 && !isRequired) return;
  const issuer = issuers.length === 1 && issuers[0] !== undefined ? textOf(issuers[0]) : '';
  if (issuer !== entityId)
    throw new SsoProblem('issuer_mismatch', `The response comes from “${issuer}”, not “${entityId}”.`);
}

function checkStatus(root: XmlElement): void {
  const status = onlyChild(root, SAMLP, 'Status');
  const outer = status === undefined ? undefined : onlyChild(status, SAMLP, 'StatusCode');
  const code = outer?.attributes.get('Value');
  if (code === `${STATUS}Success`) return;
  const inner =
    outer === undefined ? undefined : onlyChild(outer, SAMLP, 'StatusCode')?.attributes.get('Value');
  const message = status === undefined ? undefined : onlyChild(status, SAMLP, 'StatusMessage');
  const words = [inner ?? code ?? 'no status', message === undefined ? '' : textOf(message)]
    .filter(Boolean)
    .join(': ');
  const isRefusal = ['AuthnFailed', 'RequestDenied', 'NoPassive'].some((name) => inner === STATUS + name);
  throw new SsoProblem(isRefusal ? 'cancelled' : 'response_invalid', words);
}

/** The assertion, from the octets that a certificate of the settings has signed. */
async function signedPart(
  settings: SamlSettings,
  encoded: string,
  { provider, now }: Expected,
): Promise<XmlElement> {
  const states = settings.certificates.map((pem) => ({ pem, ...inspectCertificate(pem, now) }));
  const usable = states.filter(({ state }) => state === 'usable').map(({ pem }) => pem);
  if (usable.length === 0) {
    const expired = states.find(({ state }) => state === 'expired');
    if (expired === undefined)
      throw new SsoProblem('certificate_invalid', 'No certificate has an RSA key of 2048 bits or more.');
    throw new SsoProblem(
      'certificate_expired',
      `It expired on ${new Date(expired.expiresAt).toISOString()}.`,
    );
  }
  let signed: string | undefined;
  try {
    const saml = nodeSaml(provider, settings, usable);
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded });
    signed = profile?.getAssertionXml?.();
  } catch (error) {
    const words = error instanceof Error ? error.message : '';
    if (!/signature/iu.test(words)) throw new SsoProblem('response_invalid', words, error);
    throw new SsoProblem(
      'signature_invalid',
      'The signature was not made with the certificate that is set here.',
      error,
    );
  }
  const assertion = signed === undefined ? 'Nothing is signed.' : readStrictly(signed, RESPONSE_OCTETS);
  if (typeof assertion === 'string') throw new SsoProblem('signature_invalid', assertion);
  return assertion;
}

function readAssertion(assertion: XmlElement, settings: SamlSettings, expected: Expected): Asserted {
  const assertionId = assertion.attributes.get('ID') ?? '';
  if (
    !isNamed(assertion, SAML, 'Assertion') ||
    assertion.attributes.get('Version') !== '2.0' ||
    assertionId === ''
  )
    throw new SsoProblem('response_invalid', 'This is no assertion of SAML 2.0.');
  checkIssuer(assertion, settings.entityId, true);
  const conditions = onlyChild(assertion, SAML, 'Conditions');
  const subject = onlyChild(assertion, SAML, 'Subject');
  if (conditions === undefined || subject === undefined)
    throw new SsoProblem('response_invalid', 'The assertion has no conditions or no subject.');
  if (childrenNamed(assertion, SAML, 'AuthnStatement').length === 0)
    throw new SsoProblem('response_invalid', 'The assertion does not say that somebody signed in.');
  checkConditions(conditions, expected);
  const confirmedUntil = checkConfirmation(subject, expected);
  const ends = instant(conditions, 'NotOnOrAfter') ?? confirmedUntil;
  return {
    ...whoIs(assertion, subject, settings),
    assertionId,
    expiresAt: Math.max(ends, confirmedUntil) + SKEW,
  };
}

const audiencesOf = (restriction: XmlElement) => childrenNamed(restriction, SAML, 'Audience').map(textOf);

function checkConditions(conditions: XmlElement, { provider, now }: Expected): void {
  checkTimes(conditions, now);
  const restrictions = childrenNamed(conditions, SAML, 'AudienceRestriction');
  if (restrictions.length === 0 || !restrictions.every((one) => audiencesOf(one).includes(provider.entityId)))
    throw new SsoProblem(
      'audience_wrong',
      `The assertion is for “${restrictions.flatMap(audiencesOf).join('”, “')}”, not “${provider.entityId}”.`,
    );
}

/** One confirmation has to hold (section 4.1.4.2): bearer, to this address, in answer to this request, in time. @returns until when */
function checkConfirmation(subject: XmlElement, { provider, requestId, now }: Expected): number {
  let problem = new SsoProblem('response_invalid', 'The assertion has no bearer confirmation.');
  for (const confirmation of childrenNamed(subject, SAML, 'SubjectConfirmation')) {
    const data = onlyChild(confirmation, SAML, 'SubjectConfirmationData');
    if (confirmation.attributes.get('Method') !== BEARER || data === undefined) continue;
    try {
      const recipient = data.attributes.get('Recipient');
      if (recipient !== provider.acsUrl)
        throw new SsoProblem('audience_wrong', `The assertion is for ${recipient ?? 'nobody'} (Recipient).`);
      if (data.attributes.get('InResponseTo') !== requestId)
        throw new SsoProblem('state_unknown', 'The assertion answers another request (InResponseTo).');
      const until = instant(data, 'NotOnOrAfter');
      if (until === undefined) throw new SsoProblem('response_invalid', 'The confirmation has no end.');
      checkTimes(data, now);
      return until;
    } catch (error) {
      if (!(error instanceof SsoProblem)) throw error;
      problem = error;
    }
  }
  throw problem;
}

function checkTimes(element: XmlElement, now: number): void {
  const [from, until] = [instant(element, 'NotBefore'), instant(element, 'NotOnOrAfter')];
  if (from !== undefined && now + SKEW < from)
    throw new SsoProblem(
      'clock_skew',
      `The assertion begins at ${new Date(from).toISOString()}, which is yet to come.`,
    );
  if (until !== undefined && now - SKEW >= until)
    throw new SsoProblem('assertion_expired', `The assertion ended at ${new Date(until).toISOString()}.`);
}

function instant(element: XmlElement, name: string): number | undefined {
  const written = element.attributes.get(name);
  if (written === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u.test(written) ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(at)) throw new SsoProblem('response_invalid', `${name} is no instant.`);
  return at;
}

// A text with elements in it would be two texts.
const plain = (element: XmlElement | undefined) =>
  element === undefined || element.children.length > 0 ? undefined : textOf(element);

function whoIs(
  assertion: XmlElement,
  subject: XmlElement,
  { emailAttribute, nameAttribute }: SamlSettings,
): Pick<Asserted, 'email' | 'name'> {
  const nameId = onlyChild(subject, SAML, 'NameID');
  const attributes = childrenNamed(assertion, SAML, 'AttributeStatement').flatMap((statement) =>
    childrenNamed(statement, SAML, 'Attribute'),
  );
  const attribute = (name: string) => {
    const [found, second] = attributes.filter(({ attributes: own }) => own.get('Name') === name);
    return found === undefined || second !== undefined
      ? undefined
      : plain(onlyChild(found, SAML, 'AttributeValue'));
  };
  return {
    email: emailAttribute === undefined ? plain(nameId) : attribute(emailAttribute),
    name: nameAttribute === undefined ? undefined : attribute(nameAttribute),
  };
}
