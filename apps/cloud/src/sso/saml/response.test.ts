import type { SsoFault } from '@offhook/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { SsoProblem } from '../fault.ts';
import { signingKey, type SigningKey } from '../testing/certificates.ts';
import {
  assertionXml,
  encode,
  respond,
  responseXml,
  signElement,
  statementFor,
  type Statement,
} from '../testing/saml-idp.ts';
import { acceptResponse } from './response.ts';
import type { SamlSettings } from './service-provider.ts';

const IDP = 'https://idp.acme.example/saml';
const provider = {
  entityId: 'https://phone.example.com/api/sso/saml/sso_1/metadata',
  acsUrl: 'https://phone.example.com/api/sso/saml/sso_1/acs',
};
const request = { id: '_request-1', acsUrl: provider.acsUrl, issuer: provider.entityId };
const EMAIL = 'anna@acme.example';
const MINUTE = 60_000;

let own: SigningKey;
let other: SigningKey;
let settings: SamlSettings;
beforeAll(async () => {
  [own, other] = await Promise.all([signingKey(), signingKey()]);
  settings = { kind: 'saml', entityId: IDP, signOnUrl: `${IDP}/sso`, certificates: [own.certificate] };
});

const statement = (change: Partial<Statement> = {}) => statementFor(request, IDP, EMAIL, change);
const accept = (xml: string, change: Partial<SamlSettings> = {}) =>
  acceptResponse({ ...settings, ...change }, encode(xml), {
    provider,
    requestId: request.id,
    now: Date.now(),
  });
async function faultOf(accepting: Promise<unknown>): Promise<SsoFault | undefined> {
  try {
    await accepting;
    return undefined;
  } catch (error) {
    if (error instanceof SsoProblem) return error.fault;
    throw error;
  }
}

describe('an honest response', () => {
  test.each(['assertion', 'response', 'both'] as const)(
    'with a signature of the %s is accepted',
    async (sign) => {
      const { email, expiresAt } = await accept(respond(statement({ sign }), own));
      expect(email).toBe(EMAIL);
      expect(expiresAt).toBeGreaterThan(Date.now() + 6 * MINUTE);
    },
  );

  test('may be signed with SHA-512', async () => {
    const sha512 = {
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha512',
    };
    expect((await accept(respond(statement(sha512), own))).email).toBe(EMAIL);
  });

  test('names the address in an attribute, where that is set, and the name', async () => {
    const attributes = { 'urn:mail': 'Ben@acme.example', displayName: 'Ben &amp; Co' };
    const xml = respond(statement({ nameId: 'b-17', attributes }), own);
    expect(await accept(xml, { emailAttribute: 'urn:mail', nameAttribute: 'displayName' })).toMatchObject({
      email: 'Ben@acme.example',
      name: 'Ben & Co',
    });
    expect((await accept(xml, { emailAttribute: 'urn:other' })).email).toBeUndefined();
  });

  test('is believed within two minutes of skew', async () => {
    const now = Date.now();
    expect(await faultOf(accept(respond(statement({ notBefore: now + 1.5 * MINUTE }), own)))).toBeUndefined();
    expect(
      await faultOf(accept(respond(statement({ notOnOrAfter: now - 1.5 * MINUTE }), own))),
    ).toBeUndefined();
  });

  test('is checked with each certificate, so that keys can change', async () => {
    const certificates = [other.certificate, own.certificate];
    expect((await accept(respond(statement(), own), { certificates })).email).toBe(EMAIL);
  });
});

describe('refused', () => {
  const cases: [string, SsoFault, () => Partial<Statement>][] = [
    ['for another audience', 'audience_wrong', () => ({ audience: 'https://other.example' })],
    ['for another recipient', 'audience_wrong', () => ({ recipient: 'https://other.example/acs' })],
    ['for another destination', 'audience_wrong', () => ({ destination: 'https://other.example/acs' })],
    ['of another issuer', 'issuer_mismatch', () => ({ issuer: 'https://evil.example' })],
    ['in answer to another request', 'state_unknown', () => ({ inResponseTo: '_request-2' })],
    ['expired', 'assertion_expired', () => ({ notOnOrAfter: Date.now() - 3 * MINUTE })],
    [
      'with an expired confirmation',
      'assertion_expired',
      () => ({ confirmedUntil: Date.now() - 3 * MINUTE }),
    ],
    ['not yet valid', 'clock_skew', () => ({ notBefore: Date.now() + 3 * MINUTE })],
    ['unsigned', 'signature_missing', () => ({ sign: 'nothing' })],
    [
      'signed with SHA-1',
      'signature_invalid',
      () => ({ signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
    ],
    [
      'with a digest by SHA-1',
      'signature_invalid',
      () => ({ digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }),
    ],
    ['by the person', 'cancelled', () => ({ status: 'AuthnFailed' })],
    ['with another status', 'response_invalid', () => ({ status: 'UnsupportedBinding' })],
  ];
  test.each(cases)('%s: %s', async (_words, fault, change) => {
    expect(await faultOf(accept(respond(statement(change()), own)))).toBe(fault);
    if (fault === 'signature_missing') return;
    expect(await faultOf(accept(respond(statement({ sign: 'response', ...change() }), own)))).toBe(fault);
  });

  test('signed by another key, which it brings along', async () => {
    expect(await faultOf(accept(respond(statement(), other)))).toBe('signature_invalid');
  });

  test('signed with a shared secret: the public certificate as the key of an HMAC', async () => {
    const hmac = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1';
    const xml = respond(statement(), own).replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', hmac);
    expect(await faultOf(accept(xml))).toBe('signature_invalid');
  });

  test('changed after it was signed', async () => {
    const xml = respond(statement(), own).replace(`>${EMAIL}<`, '>ada@acme.example<');
    expect(await faultOf(accept(xml))).toBe('signature_invalid');
  });

  test('where the certificate has expired, or its key is weak', async () => {
    const [old, weak] = await Promise.all([signingKey({ daysLeft: -1 }), signingKey({ bits: 1024 })]);
    expect(await faultOf(accept(respond(statement(), old), { certificates: [old.certificate] }))).toBe(
      'certificate_expired',
    );
    expect(await faultOf(accept(respond(statement(), weak), { certificates: [weak.certificate] }))).toBe(
      'certificate_invalid',
    );
  });

  test('encrypted, with words that say so', async () => {
    const inner = '<saml:EncryptedAssertion><x/></saml:EncryptedAssertion>';
    await expect(accept(responseXml(statement(), inner))).rejects.toThrow(/encrypted/u);
  });

  test.each([
    ['no base64', '<xml>'],
    ['no XML', encode('hello')],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x3c]).toString('base64')],
    ['something else', encode('<a/>')],
    ['too much', encode(`<a>${'x'.repeat(300_000)}</a>`)],
    ['too deep', encode('<a>'.repeat(100) + '</a>'.repeat(100))],
  ])('%s', async (_words, encoded) => {
    const expected = { provider, requestId: request.id, now: Date.now() };
    expect(await faultOf(acceptResponse(settings, encoded, expected))).toBe('response_invalid');
  });
});

describe('tricks with XML', () => {
  test('a comment in the address, which ends it for some readers, is not read', async () => {
    // Signed over canonical XML without comments: the signature holds with and without it.
    const xml = respond(statement({ nameId: 'ada@acme.example.evil.example' }), own);
    const split = xml.replace('ada@acme.example.evil.example', 'ada@acme.example<!-- -->.evil.example');
    expect(await faultOf(accept(xml))).toBeUndefined();
    expect(await faultOf(accept(split))).toBe('response_invalid');
  });

  test.each([
    ['a document type', '<!DOCTYPE a>'],
    ['an entity', '<!DOCTYPE a [<!ENTITY e "ada@acme.example">]>'],
    ['an entity from a file', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
    ['entities in entities', '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>'],
    ['a style sheet', '<?xml-stylesheet href="https://evil.example"?>'],
  ])('%s is not read', async (_words, prologue) => {
    const xml = respond(statement(), own);
    expect(await faultOf(accept(prologue + xml))).toBe('response_invalid');
    expect(await faultOf(accept(`<?xml version="1.0"?>${prologue}${xml}`))).toBe('response_invalid');
  });

  test('CDATA and an element within the address are not read', async () => {
    const cdata = respond(statement({ nameId: '<![CDATA[ada@acme.example]]>' }), own);
    expect(await faultOf(accept(cdata))).toBe('response_invalid');
    const nested = respond(statement({ nameId: 'ada@acme.example<x/>.evil.example' }), own);
    expect((await accept(nested)).email).toBeUndefined();
  });

  test('two subjects, two conditions or an attribute that comes twice are nobody’s', async () => {
    const signed = (change: (xml: string) => string) => {
      const one = statement();
      return responseXml(one, signElement(change(assertionXml(one)), one.assertionId, own, one));
    };
    const doubled = (name: string) =>
      signed((xml) => {
        const found = new RegExp(`<saml:${name}[ >].*</saml:${name}>`, 'u').exec(xml)?.[0] ?? '';
        return xml.replace(found, found + found);
      });
    expect(await faultOf(accept(doubled('Subject')))).toBe('response_invalid');
    expect(await faultOf(accept(doubled('Conditions')))).toBe('response_invalid');
    const attributes = { mail: 'anna@acme.example' };
    const twice = statement({ attributes });
    const again = assertionXml(twice).replace(
      /<saml:Attribute .*<\/saml:Attribute>/u,
      (found) => found + found,
    );
    const xml = responseXml(twice, signElement(again, twice.assertionId, own, twice));
    expect((await accept(xml, { emailAttribute: 'mail' })).email).toBeUndefined();
  });
});

/**
 * Somorovsky et al., “On Breaking SAML: Be Whoever You Want to Be” (2012): the signed element is kept for the signature, and a forged one is put
 * where the application looks. In none of them may the forged address come out.
 */
describe('signature wrapping', () => {
  const EVIL = 'ada@acme.example';
  const parts = () => {
    const good = statement({ sign: 'assertion' });
    const signedAssertion = signElement(assertionXml(good), good.assertionId, own, good);
    const signature = /<ds:Signature .*<\/ds:Signature>/su.exec(signedAssertion)?.[0] ?? '';
    const withoutSignature = signedAssertion.replace(signature, '');
    const evil = (id: string, inner = '') =>
      assertionXml({ ...good, nameId: EVIL, assertionId: id }).replace(
        '</saml:Issuer>',
        `</saml:Issuer>${inner}`,
      );
    const inObject = (content: string) =>
      signature.replace('</ds:Signature>', `<ds:Object>${content}</ds:Object></ds:Signature>`);
    return { good, signedAssertion, signature, withoutSignature, evil, inObject };
  };
  const wholeParts = () => {
    const good = statement({ sign: 'response' });
    const signed = respond(good, own);
    const signature = /<ds:Signature .*<\/ds:Signature>/su.exec(signed)?.[0] ?? '';
    const withoutSignature = signed.replace(signature, '');
    const evil = (inner: string, after = '') =>
      responseXml(
        { ...good, responseId: '_evil' },
        assertionXml({ ...good, nameId: EVIL, assertionId: '_evil2' }) + after,
      ).replace('</saml:Issuer>', `</saml:Issuer>${inner}`);
    const inObject = (content: string) =>
      signature.replace('</ds:Signature>', `<ds:Object>${content}</ds:Object></ds:Signature>`);
    return { signature, withoutSignature, evil, inObject };
  };

  const variants: [string, () => string][] = [
    [
      'XSW1: the signed response within the signature of the forged',
      () => {
        const { evil, inObject, withoutSignature } = wholeParts();
        return evil(inObject(withoutSignature));
      },
    ],
    [
      'XSW2: the signed response before a detached signature in the forged',
      () => {
        const { evil, signature, withoutSignature } = wholeParts();
        return evil(withoutSignature + signature);
      },
    ],
    [
      'XSW3: a forged assertion before the signed one',
      () => {
        const { good, evil, signedAssertion } = parts();
        return responseXml(good, evil('_evil') + signedAssertion);
      },
    ],
    [
      'XSW4: the signed assertion within the forged',
      () => {
        const { good, evil, signedAssertion } = parts();
        return responseXml(
          good,
          evil('_evil').replace('</saml:Assertion>', `${signedAssertion}</saml:Assertion>`),
        );
      },
    ],
    [
      'XSW5: the signature in the forged assertion, the signed one after it',
      () => {
        const { good, evil, signature, withoutSignature } = parts();
        return responseXml(good, evil('_evil', signature) + withoutSignature);
      },
    ],
    [
      'XSW6: the signed assertion within the signature in the forged',
      () => {
        const { good, evil, signature, withoutSignature } = parts();
        return responseXml(
          good,
          evil('_evil', signature.replace('</ds:Signature>', `${withoutSignature}</ds:Signature>`)),
        );
      },
    ],
    [
      'XSW7: the forged assertion within extensions',
      () => {
        const { good, evil, signedAssertion } = parts();
        return responseXml(good, `<samlp:Extensions>${evil('_evil')}</samlp:Extensions>${signedAssertion}`);
      },
    ],
    [
      'XSW8: the signed assertion within an object of the forged one’s signature',
      () => {
        const { good, evil, inObject, withoutSignature } = parts();
        return responseXml(good, evil('_evil', inObject(withoutSignature)));
      },
    ],
    [
      'the forged assertion with the ID of the signed',
      () => {
        const { good, evil, signedAssertion } = parts();
        return responseXml(good, evil(good.assertionId) + signedAssertion);
      },
    ],
    [
      'the forged assertion in another namespace',
      () => {
        const { good, evil, signedAssertion } = parts();
        const foreign = evil('_evil').replace('urn:oasis:names:tc:SAML:2.0:assertion', 'urn:evil');
        return responseXml(good, foreign + signedAssertion);
      },
    ],
    [
      'a second signature beside the first',
      () => {
        const { good, signedAssertion, signature } = parts();
        return responseXml(good, signedAssertion.replace(signature, signature + signature));
      },
    ],
    [
      'a signature of the assertion that lies in the response',
      () => {
        const { good, signature, evil } = parts();
        return responseXml(good, evil('_evil')).replace('<samlp:Status>', `${signature}<samlp:Status>`);
      },
    ],
    [
      'a signature that refers to the whole document',
      () => {
        const { good, signedAssertion } = parts();
        return responseXml(good, signedAssertion.replace(/URI="#[^"]+"/u, 'URI=""'));
      },
    ],
    [
      'a transform that picks what is signed',
      () => {
        const { good, signedAssertion } = parts();
        const xpath = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
        return responseXml(
          good,
          signedAssertion.replace('http://www.w3.org/2000/09/xmldsig#enveloped-signature', xpath),
        );
      },
    ],
    [
      'a comment in the digest',
      () => {
        const { good, signedAssertion } = parts();
        return responseXml(good, signedAssertion.replace('<ds:DigestValue>', '<ds:DigestValue><!--x-->'));
      },
    ],
  ];
  test.each(variants)('%s', async (_words, make) => {
    const xml = make();
    expect(xml).not.toContain('undefined');
    expect(['signature_invalid', 'response_invalid']).toContain(await faultOf(accept(xml)));
  });
});
