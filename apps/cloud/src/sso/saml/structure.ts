import type { XmlElement } from '@offhook/xml';
import { SsoProblem } from '../fault.ts';
import { digestMethods, DSIG, ENVELOPED, EXCLUSIVE_C14N, SAML, SAMLP, signatureMethods } from './names.ts';
import { childrenNamed, everyElement, isNamed, onlyChild, readStrictly } from './xml.ts';

/** Octets of a decoded response. Those with hundreds of group attributes have tens of thousands. */
export const RESPONSE_OCTETS = 192 * 1024;

/**
 * The shape of a response before anything of it is believed. Signature wrapping lives from second assertions, second signatures, repeated ids
 * and signatures in odd places (Somorovsky et al., “On Breaking SAML”, variants 1 to 8): there is one response, one assertion directly
 * within it, and each signature lies directly in one of the two and refers to it.
 * @throws SsoProblem `response_invalid`, `signature_missing`, `signature_invalid`
 */
export function checkStructure(xml: string): XmlElement {
  const root = readStrictly(xml, RESPONSE_OCTETS);
  if (typeof root === 'string') throw new SsoProblem('response_invalid', root);
  if (!isNamed(root, SAMLP, 'Response'))
    throw new SsoProblem('response_invalid', 'This is no SAML response.');
  if (root.attributes.get('Version') !== '2.0')
    throw new SsoProblem('response_invalid', 'This is not SAML 2.0.');
  return root;
}

/** Of a response that tells of success: the same exceptions. */
export function checkSignedShape(root: XmlElement): void {
  const all = [...everyElement(root)];
  if (all.some((element) => element.name === 'EncryptedAssertion'))
    throw new SsoProblem(
      'response_invalid',
      'The assertion is encrypted. Switch encryption off: TLS carries it.',
    );
  // By name alone, so that no other namespace hides one from here that another reader finds.
  const assertions = all.filter(({ name }) => name === 'Assertion');
  const [assertion] = assertions;
  if (assertion === undefined) throw new SsoProblem('response_invalid', 'There is no assertion.');
  if (assertions.length > 1) throw new SsoProblem('signature_invalid', 'There is more than one assertion.');
  if (assertion !== onlyChild(root, SAML, 'Assertion'))
    throw new SsoProblem('signature_invalid', 'The assertion is not where it belongs.');
  if (all.filter(({ name }) => name === 'Response').length > 1)
    throw new SsoProblem('signature_invalid', 'There is more than one response.');

  const ids = all.flatMap(({ attributes }) =>
    [...attributes].filter(([name]) => /^(?:\w+:)?id$/iu.test(name)).map(([, value]) => value),
  );
  if (new Set(ids).size !== ids.length)
    throw new SsoProblem('signature_invalid', 'Two elements have the same ID.');

  const signatures = all.filter(({ name }) => name === 'Signature');
  const placed = [root, assertion].flatMap((owner) => {
    const own = childrenNamed(owner, DSIG, 'Signature');
    if (own.length > 1) throw new SsoProblem('signature_invalid', 'An element is signed twice.');
    return own.map((signature) => ({ owner, signature }));
  });
  if (signatures.length === 0)
    throw new SsoProblem('signature_missing', 'Neither the response nor the assertion is signed.');
  if (signatures.length !== placed.length)
    throw new SsoProblem('signature_invalid', 'A signature is not where it belongs.');
  for (const { owner, signature } of placed) checkSignature(owner, signature);
}

const wrong = (detail: string) => new SsoProblem('signature_invalid', detail);

const algorithm = (of: XmlElement, name: string) =>
  onlyChild(of, DSIG, name)?.attributes.get('Algorithm') ?? '(none)';

function checkSignature(owner: XmlElement, signature: XmlElement): void {
  const known = new Set(['SignedInfo', 'SignatureValue', 'KeyInfo']);
  if (signature.children.some((child) => child.namespace !== DSIG || !known.has(child.name)))
    throw wrong('A signature holds more than a signature.');
  const info = onlyChild(signature, DSIG, 'SignedInfo');
  const reference = info === undefined ? undefined : onlyChild(info, DSIG, 'Reference');
  if (info === undefined || reference === undefined)
    throw wrong('A signature refers to nothing, or to much.');
  const id = owner.attributes.get('ID') ?? '';
  if (id === '' || reference.attributes.get('URI') !== `#${id}`)
    throw wrong('A signature refers to something else than where it lies.');

  const method = algorithm(info, 'SignatureMethod');
  if (!signatureMethods.has(method)) throw wrong(`Signed by ${method}. Use RSA with SHA-256.`);
  const digest = algorithm(reference, 'DigestMethod');
  if (!digestMethods.has(digest)) throw wrong(`Digest by ${digest}. Use SHA-256.`);
  if (algorithm(info, 'CanonicalizationMethod') !== EXCLUSIVE_C14N)
    throw wrong('The signature is not over exclusive canonical XML.');
  const transforms = onlyChild(reference, DSIG, 'Transforms');
  const steps = transforms?.children.map((step) => step.attributes.get('Algorithm')) ?? [];
  if (steps.length !== 2 || steps[0] !== ENVELOPED || steps[1] !== EXCLUSIVE_C14N)
    throw wrong('The signature transforms what it signs in an unusual way.');
}
