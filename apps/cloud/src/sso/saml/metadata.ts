import { textOf, type XmlElement } from '@offhook/xml';
import { readCertificate } from './certificates.ts';
import { DSIG, METADATA, REDIRECT_BINDING, SAMLP } from './names.ts';
import { childrenNamed, everyElement, isNamed, onlyChild, readStrictly } from './xml.ts';

/** What of an identity provider's metadata is used. */
export type IdpMetadata = { entityId: string; signOnUrl: string; certificates: string[] };

const OCTETS = 200_000;
const CERTIFICATES = 5;

/**
 * The one identity provider that the metadata describes (SAML 2.0 Metadata section 2.4.3). Its signature is not looked at: an administrator
 * brings it.
 * @returns why it cannot be used
 */
export function readIdpMetadata(text: string): IdpMetadata | string {
  const root = readStrictly(withoutComments(text), OCTETS);
  if (typeof root === 'string') return root;
  const described = [...everyElement(root)].filter((element) =>
    isNamed(element, METADATA, 'IDPSSODescriptor'),
  );
  const owners = [...everyElement(root)].filter(
    (element) =>
      isNamed(element, METADATA, 'EntityDescriptor') &&
      childrenNamed(element, METADATA, 'IDPSSODescriptor').length > 0,
  );
  const [owner] = owners;
  const [idp] = described;
  if (owner === undefined || idp === undefined)
    return 'It describes no identity provider (IDPSSODescriptor).';
  if (described.length > 1 || owners.length > 1) return 'It describes more than one identity provider.';
  const entityId = owner.attributes.get('entityID') ?? '';
  if (entityId === '' || entityId.length > 500) return 'entityID is missing.';
  const protocols = (idp.attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/u);
  if (!protocols.includes(SAMLP)) return 'The identity provider does not offer SAML 2.0.';
  const signOnUrl = childrenNamed(idp, METADATA, 'SingleSignOnService')
    .find((service) => service.attributes.get('Binding') === REDIRECT_BINDING)
    ?.attributes.get('Location');
  if (signOnUrl === undefined || URL.parse(signOnUrl) === null)
    return 'There is no SingleSignOnService with the redirect binding.';
  const certificates = certificatesOf(idp);
  if (typeof certificates === 'string') return certificates;
  return { entityId, signOnUrl, certificates };
}

/** Metadata files begin with a licence or a date now and then. No text that is used is split by one: elements with text have no children. */
const withoutComments = (text: string) =>
  text.length > OCTETS ? text : text.replaceAll(/<!--(?:[^-]|-(?!-))*-->/gu, '');

function certificatesOf(idp: XmlElement): string[] | string {
  const found = new Set<string>();
  for (const descriptor of childrenNamed(idp, METADATA, 'KeyDescriptor')) {
    if ((descriptor.attributes.get('use') ?? 'signing') !== 'signing') continue;
    const info = onlyChild(descriptor, DSIG, 'KeyInfo');
    const datas = info === undefined ? [] : childrenNamed(info, DSIG, 'X509Data');
    for (const element of datas.flatMap((data) => childrenNamed(data, DSIG, 'X509Certificate'))) {
      const pem = readCertificate(textOf(element));
      if (pem === undefined) return 'A signing certificate cannot be read.';
      found.add(pem);
    }
  }
  if (found.size === 0) return 'There is no signing certificate.';
  return found.size > CERTIFICATES ? `There are more than ${CERTIFICATES} signing certificates.` : [...found];
}
