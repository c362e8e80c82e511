import { EmailAddress } from '@offhook/contract';
import { SsoProblem } from './fault.ts';

/** Who came, as the identity provider says. */
export type Identity = { email: string; name: string };

/** Those that are named, and those of them that are proved. */
export type DomainsOf = { domains: readonly string[]; proved: readonly string[] };

const NAME_CHARS = 200;

/**
 * The one address by which somebody is found.
 * @throws SsoProblem `email_missing`, `domain_not_allowed`, `domain_unproved`
 */
export function identityOf(
  claimed: { email: string | undefined; name?: string | undefined },
  { domains, proved }: DomainsOf,
): Identity {
  const email = claimed.email?.trim() ?? '';
  if (email === '') throw new SsoProblem('email_missing', 'The answer names no e-mail address.');
  const parsed = EmailAddress.safeParse(email);
  if (!parsed.success)
    throw new SsoProblem('email_missing', `“${email.slice(0, 200)}” is no e-mail address.`);
  const domain = parsed.data.slice(parsed.data.lastIndexOf('@') + 1);
  if (!domains.includes(domain))
    throw new SsoProblem('domain_not_allowed', `${domain} is not among the domains of this sign-in.`);
  if (!proved.includes(domain))
    throw new SsoProblem('domain_unproved', `That ${domain} belongs to this company is not proved yet.`);
  const name = (claimed.name ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, NAME_CHARS);
  return { email: parsed.data, name: name === '' ? parsed.data : name };
}

/** There anybody has an account, also a private one that was made with a company's address. */
const GOOGLE = 'https://accounts.google.com';

/**
 * Is it an account that the company manages? At most providers all are.
 * @param hostedDomain the claim `hd`, by which Google says so
 * @throws SsoProblem `domain_not_allowed`
 */
export function checkCompanyAccount(issuer: string, hostedDomain: unknown, domains: readonly string[]): void {
  if (issuer !== GOOGLE) return;
  if (typeof hostedDomain === 'string' && domains.includes(hostedDomain.toLowerCase())) return;
  throw new SsoProblem('domain_not_allowed', 'This is no account that the company manages (hd).');
}
