import * as z from 'zod';
import { Me } from '../client.ts';
import { Role } from './access.ts';
import { EmailAddress, Language, Millis } from './common.ts';

/**
 * Signing in and the own account.
 *
 * `POST /api/session` {@link SignIn} → {@link SignInResult}; 401 `invalid_credentials`, 403 `sso_required`, 429 `rate_limited`.
 * `POST /api/session/second-factor` {@link SecondFactorAnswer} → {@link SignInResult}; 401 `code_invalid`, `ticket_expired`.
 * `POST /api/session/passkey/options` → {@link PasskeyChallenge}; `POST /api/session/passkey` {@link PasskeyAssertion} → {@link SignInResult}; 401 `invalid_credentials`, `ticket_expired`.
 * `GET /api/sign-in-methods?email=` → {@link SignInMethods}: tells nothing of whether the address has an account.
 */
export const SecondFactorMethod = z.enum(['totp', 'recovery_code', 'passkey']);
export type SecondFactorMethod = z.infer<typeof SecondFactorMethod>;

export const SignInResult = z.discriminatedUnion('state', [
  z.object({ state: z.literal('signed_in'), me: Me }),
  z.object({
    state: z.literal('second_factor'),
    /** Proves the first factor, for 5 minutes. */
    ticket: z.string().max(200),
    methods: z.array(SecondFactorMethod),
    /** For `navigator.credentials.get`, where `passkey` is among the methods. */
    passkey: z.unknown().optional(),
  }),
]);
export type SignInResult = z.infer<typeof SignInResult>;

export const SecondFactorAnswer = z.discriminatedUnion('method', [
  z.object({ ticket: z.string().max(200), method: z.literal('totp'), code: z.string().min(6).max(10) }),
  z.object({
    ticket: z.string().max(200),
    method: z.literal('recovery_code'),
    code: z.string().min(8).max(40),
  }),
  z.object({ ticket: z.string().max(200), method: z.literal('passkey'), response: z.unknown() }),
]);
export type SecondFactorAnswer = z.infer<typeof SecondFactorAnswer>;

/** `options` is what WebAuthn calls PublicKeyCredential…OptionsJSON; `ticket` comes back with the answer. */
export const PasskeyChallenge = z.object({ ticket: z.string().max(2_000), options: z.unknown() });
export type PasskeyChallenge = z.infer<typeof PasskeyChallenge>;
export const PasskeyAssertion = z.object({ ticket: z.string().max(200), response: z.unknown() });
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

/** By the address's domain alone. `sso`: where the browser goes; `passwordAllowed` false: there is no other way. */
export const SignInMethods = z.object({
  sso: z.object({ name: z.string(), startUrl: z.string() }).optional(),
  passwordAllowed: z.boolean(),
});
export type SignInMethods = z.infer<typeof SignInMethods>;

/** A password that is being chosen. Length over composition; what is common or contains the address is refused (`password_weak`). */
export const NewPassword = z.string().min(1).max(256);
export const PASSWORD_MIN_CHARS = 12;

/**
 * Links in mails carry their token in the fragment, so that it reaches no log: `/account/invitation#…`, `/account/reset#…`.
 * `POST /api/links/inspect` {@link LinkToken} → {@link LinkInfo}; 410 `link_expired`, `link_used`.
 * `POST /api/links/accept` {@link AcceptLink} → {@link SignInResult}; 400 `bad_request`, `terms_required`, `password_weak`, 401 `ticket_expired`, 409 `email_taken`, `conflict`.
 * `POST /api/links/passkey` {@link LinkPasskey} → {@link PasskeyChallenge}, good for this link alone. `POST /api/password-reset` {@link RequestReset} → 202 always.
 */
export const LinkToken = z.object({ token: z.string().min(20).max(200) });
export const LinkInfo = z.object({
  kind: z.enum(['invitation', 'password_reset', 'first_provider']),
  email: z.string(),
  name: z.string(),
  /** What the person is, or will be; absent for `first_provider`. */
  role: Role.optional(),
  tenantName: z.string(),
  language: Language,
  expiresAt: Millis,
  /** Terms that have to be accepted with it: who activates a tenant. */
  terms: z.object({ version: z.string(), text: z.string() }).optional(),
});
export type LinkInfo = z.infer<typeof LinkInfo>;
/** Who follows the very first link says who they are. */
const newcomer = { name: z.string().min(1).max(200).optional(), email: EmailAddress.optional() };
/** A passkey in place of a password, for an invitation or the first provider; a reset is for a password. */
export const LinkPasskey = z.object({ token: z.string().min(20).max(200), ...newcomer });
export type LinkPasskey = z.infer<typeof LinkPasskey>;
/** With exactly one of `password` and `passkey`. */
export const AcceptLink = z
  .object({
    token: z.string().min(20).max(200),
    password: NewPassword.optional(),
    /** The answer to the challenge of `POST /api/links/passkey`. `name` absent: the browser's, `Chrome on Windows`. */
    passkey: z
      .object({
        ticket: z.string().max(2_000),
        name: z.string().min(1).max(100).optional(),
        response: z.unknown(),
      })
      .optional(),
    /** The version that was shown and accepted. */
    termsVersion: z.string().max(50).optional(),
    /** Of a `first_provider` link. */
    ...newcomer,
  })
  .refine(({ password, passkey }) => (password === undefined) !== (passkey === undefined), {
    path: ['password'],
  });
export type AcceptLink = z.infer<typeof AcceptLink>;
export const RequestReset = z.object({ email: EmailAddress });

/**
 * The own account (permission `account.own`), under `/api/account`: `GET` → {@link Account}, `PATCH` {@link AccountChange};
 * `POST password` {@link ChangePassword} (other sessions end); `GET sessions` → {@link SessionList}, `DELETE sessions/:id`, `DELETE sessions` (all others);
 * `POST totp` → {@link TotpSetup}, `POST totp/confirm` {@link TotpConfirm} → {@link RecoveryCodes}, `DELETE totp`, `POST recovery-codes` → {@link RecoveryCodes};
 * `POST passkeys/options` → {@link PasskeyChallenge}, `POST passkeys` {@link NewPasskey} (409 `conflict`: known already), `DELETE passkeys/:id`. What has no
 * result is answered 204.
 * What weakens the account asks for a proof anew (`reauthentication_required`): {@link Reauthentication} within 10 minutes by `POST reauthenticate`, with the
 * password or with a passkey whose challenge `POST reauthenticate/options` gives (→ {@link PasskeyChallenge}; 404 `not_found`: there is no passkey).
 * What would leave no way to sign in is refused: 409 `only_way_in`.
 */
export const Account = z.object({
  email: z.string(),
  name: z.string(),
  language: Language,
  hasPassword: z.boolean(),
  totp: z.boolean(),
  recoveryCodesLeft: z.number().int().nonnegative(),
  passkeys: z.array(
    z.object({ passkeyId: z.string(), name: z.string(), createdAt: Millis, lastUsedAt: Millis.optional() }),
  ),
  /** The tenant demands a second factor of this role, and none is set up yet. */
  secondFactorMissing: z.boolean(),
});
export type Account = z.infer<typeof Account>;
export const AccountChange = z.object({ language: Language.optional() });
export const ChangePassword = z.object({ current: z.string().max(256).optional(), next: NewPassword });
export const Reauthentication = z.union([
  z.object({ password: z.string().min(1).max(256) }),
  PasskeyAssertion,
]);
export type Reauthentication = z.infer<typeof Reauthentication>;
export const SessionList = z.object({
  sessions: z.array(
    z.object({
      sessionId: z.string(),
      current: z.boolean(),
      createdAt: Millis,
      lastSeenAt: Millis,
      address: z.string().optional(),
      /** `Chrome on Windows`, from the user agent. */
      agent: z.string().optional(),
      method: z.enum(['password', 'passkey', 'oidc', 'saml', 'link']),
    }),
  ),
});
export type SessionList = z.infer<typeof SessionList>;
export const TotpSetup = z.object({
  ticket: z.string(),
  /** `otpauth://totp/…`, to be shown as a QR code. */
  uri: z.string(),
  /** The same secret in groups of four, to be typed. */
  secret: z.string(),
});
export type TotpSetup = z.infer<typeof TotpSetup>;
export const TotpConfirm = z.object({ ticket: z.string().max(200), code: z.string().min(6).max(10) });
/** Shown this once. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;
export const NewPasskey = z.object({
  ticket: z.string().max(200),
  name: z.string().min(1).max(100),
  response: z.unknown(),
});
