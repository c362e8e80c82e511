/** How a TXT record that proves an e-mail domain begins. */
export const PROOF_PREFIX = 'offhook-verification=';

export const proofRecord = (token: string): string => PROOF_PREFIX + token;
