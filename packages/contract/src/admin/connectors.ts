import * as z from 'zod';
import { ApiKeyId, ConnectorId } from '../ids.ts';
import { PbxConfig } from '../link.ts';
import { Attachment } from '../platform.ts';
import { KeyScope } from './access.ts';
import { Millis } from './common.ts';

/** What is wrong with a connector, for people: clients have the words and what to do for each. */
export const ConnectorTrouble = z.enum([
  'never_connected',
  'offline',
  'platform_unreachable',
  'lines_not_registered',
  'lines_refused',
  'cti_down',
  'version_too_old',
  'platform_unsupported',
  'platform_deprecated',
  'key_expiring',
]);
export type ConnectorTrouble = z.infer<typeof ConnectorTrouble>;

export const ConnectorState = z.object({
  connectorId: ConnectorId,
  name: z.string(),
  online: z.boolean(),
  /** Since when it is online, or was last. */
  since: Millis.optional(),
  version: z.string().optional(),
  address: z.string().optional(),
  platform: z
    .object({
      /** As the platform called itself: `Server` / `User-Agent` of its SIP, or CSTA's SystemStatus. */
      product: z.string().optional(),
      version: z.string().optional(),
      reached: z.boolean(),
      cti: z.enum(['none', 'up', 'down']),
    })
    .optional(),
  lines: z.number().int().optional(),
  registered: z.number().int().optional(),
  calls: z.number().int().optional(),
  /** No new calls are taken; running ones go on. */
  draining: z.boolean(),
  trouble: z.array(z.object({ kind: ConnectorTrouble, detail: z.string().max(300).optional() })),
});
export type ConnectorState = z.infer<typeof ConnectorState>;

/** Passwords are write-only: they are never in what is read, `has…` says whether there is one. */
export const PbxView = z.object({
  config: z.record(z.string(), z.unknown()),
  hasCstaPassword: z.boolean(),
  hasTrunkPassword: z.boolean(),
});
export type PbxView = z.infer<typeof PbxView>;

export const ApiKey = z.object({
  keyId: ApiKeyId,
  connectorId: ConnectorId.optional(),
  name: z.string(),
  scopes: z.array(KeyScope),
  hint: z.string(),
  createdAt: Millis,
  lastUsedAt: Millis.optional(),
  /** After regeneration: the old one still works until then. */
  expiresAt: Millis.optional(),
  revokedAt: Millis.optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/**
 * `GET /api/admin/connectors` → {@link ConnectorStates}, with an `ETag` for `If-None-Match`; live by `AdminEvent` (`events.ts`).
 * `POST /api/admin/connectors` {@link NewConnector} → 201 {@link ConnectorDetail}; 409 `name_taken`, `conflict` (there are too many).
 * `GET/PATCH /api/admin/connectors/:connectorId` {@link ConnectorChange} → {@link ConnectorDetail}. `DELETE` with the body `ConfirmByName` → 204; 400
 * `name_mismatch`, 409 `conflict` while lines hang on it, with words. `POST …/drain`, `…/resume` → {@link ConnectorState}; 409 `feature_unsupported` where the
 * connector that is connected is too old for it.
 * Keys: `GET /api/admin/keys` → {@link ApiKeys}; `POST /api/admin/keys` {@link NewKeyRequest} → 201 {@link CreatedKey}; `POST /api/admin/keys/:keyId/regenerate` {@link Regenerate} → 201
 * {@link CreatedKey}, 409 `conflict` for a key that is not in force or has been replaced already; `DELETE /api/admin/keys/:keyId` revokes → 204.
 */
export const ConnectorStates = z.object({ connectors: z.array(ConnectorState) });
export type ConnectorStates = z.infer<typeof ConnectorStates>;
export const ConnectorDetail = z.object({
  state: ConnectorState,
  pbx: PbxView.optional(),
  keys: z.array(ApiKey),
  /** The one line that starts a connector. The key is not in it: the connector asks for it, so that no shell keeps it. */
  startLine: z.string(),
});
export type ConnectorDetail = z.infer<typeof ConnectorDetail>;

export const NewConnector = z.object({ name: z.string().trim().min(1).max(100), pbx: PbxConfig });
export type NewConnector = z.infer<typeof NewConnector>;

const [byRegistration, byTrunk] = Attachment.options;
/** As {@link PbxConfig}, where a password that is absent stays as it is; an empty one of the CTI takes it away. */
export const PbxChange = PbxConfig.extend({
  attachment: z
    .discriminatedUnion('by', [byRegistration, byTrunk.partial({ password: true })])
    .default({ by: 'registration' }),
});
export type PbxChange = z.infer<typeof PbxChange>;
export const ConnectorChange = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  pbx: PbxChange.optional(),
});
export type ConnectorChange = z.infer<typeof ConnectorChange>;

/** `connectorId` belongs to the scope `connector`: a key opens the link of one connector. */
export const NewKeyRequest = z.object({
  name: z.string().trim().min(1).max(100),
  connectorId: ConnectorId.optional(),
  scopes: z.array(KeyScope).min(1).max(10),
});
export type NewKeyRequest = z.infer<typeof NewKeyRequest>;
/** Hours for which the old key still works; 0 ends it at once. */
export const Regenerate = z.object({ graceHours: z.number().int().min(0).max(720) });
/** The secret is shown this once and stored as a hash. */
export const CreatedKey = z.object({ key: ApiKey, secret: z.string(), startLine: z.string().optional() });
export type CreatedKey = z.infer<typeof CreatedKey>;
export const ApiKeys = z.object({ keys: z.array(ApiKey) });
export type ApiKeys = z.infer<typeof ApiKeys>;

/** `GET /api/admin/overview`: the set-up guide and what the charts draw. */
export const GuideStep = z.enum(['platform', 'connector', 'users', 'sign_in', 'support']);
export const Overview = z.object({
  guide: z.array(z.object({ step: GuideStep, done: z.boolean() })),
  connectors: z.array(ConnectorState),
  seats: z.object({ used: z.number().int(), of: z.number().int().optional() }),
  users: z.object({ active: z.number().int(), invited: z.number().int(), disabled: z.number().int() }),
  /** One value an hour, the last 48, oldest first: lines and registered lines of all connectors at most, calls begun (counted when they have ended). */
  hours: z.array(
    z.object({
      at: Millis,
      lines: z.number().int(),
      registered: z.number().int(),
      calls: z.number().int(),
    }),
  ),
  /** Seats taken, one value a day, the last 90. */
  seatDays: z.array(z.object({ day: z.string(), used: z.number().int() })),
});
export type Overview = z.infer<typeof Overview>;
