export { DigestClient } from './client.ts';
export type { DigestOutcome } from './client.ts';
export {
  DIGEST_ALGORITHMS,
  digestAlgorithm,
  digestHa1,
  digestResponse,
  digestUserHash,
  hashOf,
} from './digest.ts';
export type { DigestAlgorithm, DigestHash, DigestInput, Qop } from './digest.ts';
export {
  formatAuthorization,
  formatChallenge,
  parseAuthorization,
  parseChallenge,
  parseNextNonce,
} from './fields.ts';
export type { DigestAuthorization, DigestChallenge } from './fields.ts';
export { DigestServer } from './server.ts';
export type { DigestSecret, DigestServerOptions, DigestVerdict } from './server.ts';
