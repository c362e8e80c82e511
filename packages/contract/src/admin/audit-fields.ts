import * as z from 'zod';

/**
 * Every field that stands in `before` and `after` of an audit entry. Closed: clients have words for each. A dot leads into a part (`csta.port`), which an entry
 * carries as an object or, as lines do, by names with dots.
 */
export const AuditField = z.enum([
  // People and their lines.
  'email',
  'name',
  'role',
  'language',
  'source',
  'passwordChanged',
  /** Of somebody who is restored: whether the line came back too. */
  'line',
  'line.connectorId',
  'line.number',
  'line.mainNumber',
  'line.shortNumber',
  'line.callerId',
  'line.authUser',
  'line.displayName',
  'line.deskPhone',
  'line.alternativeNumber',
  'line.voicemailNumber',
  'line.passwordChanged',
  // Groups of an identity provider.
  'displayName',
  'externalId',
  'membersAdded',
  'membersRemoved',
  // Own accounts.
  'passkey',
  'sessions',
  // Imports: rows of each kind.
  'new',
  'changed',
  'unchanged',
  'refused',
  'leftAlone',
  // Keys.
  'connectorId',
  'scopes',
  'replacedBy',
  'goodUntil',
  // Telephone systems.
  'kind',
  'host',
  'port',
  'transport',
  'domain',
  'registerExpires',
  'ringSeconds',
  'alternativeAfterSeconds',
  'emergencyNumbers',
  'hasSecrets',
  'attachment.by',
  'attachment.register',
  'attachment.number',
  'attachment.authUser',
  'csta.host',
  'csta.port',
  'csta.transport',
  'csta.user',
  'codes.voicemail',
  'codes.voicemailTarget',
  'codes.forwardImmediate',
  'codes.forwardImmediateOff',
  'codes.forwardBusy',
  'codes.forwardBusyOff',
  'codes.forwardNoAnswer',
  'codes.forwardNoAnswerOff',
  'codes.doNotDisturb',
  'codes.doNotDisturbOff',
  'codes.park',
  'codes.unpark',
  'codes.pickUp',
  'codes.groupPickUp',
  'codes.callBack',
  'codes.conference',
  // What was noticed of one: its kind, what it said of itself, until when it is supported.
  'what',
  'until',
  // Companies.
  'status',
  'timeZone',
  'supportAddress',
  'supportContact',
  'callRetentionDays',
  'country',
  'deletionGraceDays',
  'secondFactorFor',
  'secondFactorRequired',
  'subscription.platform',
  'subscription.seats',
  'subscription.price',
  'subscription.startsOn',
  'reason',
  'deletesAt',
  'termsVersion',
  // Single sign-on.
  'domains',
  /** Who proved a domain: its DNS, or the provider by hand. */
  'provedBy',
  'justInTime',
  'enabled',
  'only',
  'issuer',
  'clientId',
  'hasClientSecret',
  'clientSecretChanged',
  'entityId',
  'signOnUrl',
  'certificates',
  'emailAttribute',
  'nameAttribute',
  // What was asked for of an export.
  'format',
  'search',
  'action',
  'actorId',
  'from',
  'to',
]);
export type AuditField = z.infer<typeof AuditField>;

/** What an entry carries as one object with fields of its own. */
export type AuditPart = AuditField extends infer Field
  ? Field extends `${infer Part}.${string}`
    ? Part
    : never
  : never;

/** `before` or `after`, as the service writes it. */
export type AuditState = { readonly [Name in AuditField | AuditPart]?: unknown };
