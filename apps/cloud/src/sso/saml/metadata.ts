import type { SsoInputReason } from '@offhook/contract';
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
export function readIdpMetadata(text: string): IdpMetadata | SsoInputReason {
  const root = readStrictly(withoutComments(text), OCTETS);
  if (typeof root === 'string') return 'metadata_unreadable';
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
  if (owner === undefined || idp === undefined) return 'metadata_no_provider';
  if (described.length > 1 || owners.length > 1) return 'metadata_many_providers';
  const entityId = owner.attributes.get('entityID') ?? '';
  if (entityId === '' || entityId.length > 500) return 'entity_id_missing';
  const protocols = (idp.attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/u);
  if (!protocols.includes(SAMLP)) return 'metadata_no_saml2';
  const signOnUrl = childrenNamed(idp, METADATA, 'SingleSignOnService')
    .find((service) => service.attributes.get('Binding') === REDIRECT_BINDING)
    ?.attributes.get('Location');
  if (signOnUrl === undefined || URL.parse(signOnUrl) === null) return 'sign_on_url_missing';
  const certificates = certificatesOf(idp);
  if (typeof certificates === 'string') return certificates;
  return { entityId, signOnUrl, certificates };
}

/** Metadata files begin with a licence or a date now and then. No text that is used is split by one: elements with text have no children. */
const withoutComments = (text: string) =>
  text.length > OCTETS ? text : text.replaceAll(/<!--(?:[^-]|-(?!-))*-->/gu, '');

function certificatesOf(idp: XmlElement): string[] | SsoInputReason {
  const found = new Set<string>();
  for (const descriptor of childrenNamed(idp, METADATA, 'KeyDescriptor')) {
    if ((descriptor.attributes.get('use') ?? 'signing') !== 'signing') continue;
    const info = onlyChild(descriptor, DSIG, 'KeyInfo');
    const datas = info === undefined ? [] : childrenNamed(info, DSIG, 'X509Data');
    for (const element of datas.flatMap((data) => childrenNamed(data, DSIG, 'X509Certificate'))) {
      const pem = readCertificate(textOf(element));
      if (pem === undefined) return 'certificate_unreadable';
      found.add(pem);
    }
  }
  if (found.size === 0) return 'certificates_missing';
  return found.size > CERTIFICATES ? 'certificates_too_many' : [...found];
}
