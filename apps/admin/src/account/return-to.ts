/** Where people wanted to go before they had to sign in: only pages of ours, whatever a link says. */
export function returnTo(wanted: unknown): string | undefined {
  if (typeof wanted !== 'string' || !/^\/(?:admin|account)(?:[/?#]|$)/u.test(wanted)) return undefined;
  // Browsers read a backslash as a slash, and leave out what cannot be seen.
  return /[\\\p{Cc}]/u.test(wanted) || wanted.startsWith('/account/sign-in') ? undefined : wanted;
}
