export { DIVERSION_REASONS, diversions, formatDiversion, parseDiversion } from './diversion.ts';
export type { Diversion, DiversionReason } from './diversion.ts';
export { formatHistoryEntry, historyInfo, parseHistoryEntry } from './history-info.ts';
export type { HistoryEntry } from './history-info.ts';
export { assertedIdentities, formatIdentity, preferredIdentities } from './identity.ts';
export type { NetworkIdentity } from './identity.ts';
export { branchWithMark, hasComeRound, loopMark, loopMarkHeader, loopMarks } from './loop.ts';
export { defaultMaxBreadth, defaultMaxForwards, onward } from './onward.ts';
export type { Onward } from './onward.ts';
export { formatPrivacy, parsePrivacy, PRIVACY_VALUES, privacyOf } from './privacy.ts';
export type { PrivacyValue } from './privacy.ts';
export { redirections } from './redirections.ts';
export type { Redirection, RedirectionReason } from './redirections.ts';
export { formatReferredBy, formatReferTo, parseReferredBy, parseReferTo, referSub } from './refer.ts';
export type { ReferredBy, ReferTo } from './refer.ts';
export { formatRAck, parseRAck, parseRSeq, rack, rseq } from './reliable.ts';
export type { RAckValue } from './reliable.ts';
export { formatReplaces, parseReplaces, replacesMatches, replacesOf } from './replaces.ts';
export type { ReplacesValue } from './replaces.ts';
export { parseRoutes } from './routes.ts';
export {
  formatSessionExpires,
  leastSessionExpires,
  minSe,
  parseMinSe,
  parseSessionExpires,
  sessionExpires,
} from './session-timer.ts';
export type { SessionExpires } from './session-timer.ts';
export {
  allowedEvents,
  eventOf,
  formatEvent,
  formatSubscriptionState,
  isSameEvent,
  parseEvent,
  parseSubscriptionState,
  SUBSCRIPTION_REASONS,
  subscriptionState,
} from './subscription.ts';
export type { EventValue, SubscriptionReason, SubscriptionStateValue } from './subscription.ts';
export { escapeUriHeader, splitUriHeaders, unescapeUriHeader, withUriHeaders } from './uri-headers.ts';
export type { UriAndHeaders } from './uri-headers.ts';
