import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readTerms, type Terms } from './accounts/terms.ts';
import { parseProxies, type IsProxy } from './http/addresses.ts';
import { createSecretBox, parseKeyFile, type SecretBox } from './secrets/secret-box.ts';

/** A setting is missing or wrong; the message tells the administrator what to do. */
export class ConfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConfigError';
  }
}

const Environment = z.object({
  OFFHOOK_HOST: z.string().min(1).default('127.0.0.1'),
  OFFHOOK_PORT: z.coerce
    .number('must be a port number, or 0 for any that is free')
    .int()
    .min(0)
    .max(65_535)
    .default(8470),
  OFFHOOK_METRICS_PORT: z.coerce
    .number('must be a port number, or 0 for any that is free')
    .int()
    .min(0)
    .max(65_535)
    .default(0),
  DATABASE_URL: z
    .string('must be the address of a PostgreSQL database: postgres://user:password@host/name')
    .min(1),
  OFFHOOK_SECRET_KEY_FILE: z
    .string('must name a file with 32 random bytes in base64: openssl rand -base64 32 > secret.key')
    .min(1),
  OFFHOOK_WEB_ROOT: z.string().optional(),
  OFFHOOK_ADMIN_ROOT: z.string().optional(),
  OFFHOOK_PUBLIC_URL: z
    .url({ protocol: /^https?$/u, error: 'must be where people open the phone: https://phone.example.com' })
    .optional(),
  OFFHOOK_TRUST_PROXY: z.string().optional(),
  OFFHOOK_SSO_PRIVATE: z
    .enum(['0', '1'], 'must be 1 (identity providers may be in the own network) or 0')
    .default('0'),
  OFFHOOK_SMTP_URL: z
    .url({
      protocol: /^smtps?$/u,
      error: 'must be where the mail server is: smtp://user:password@mail.example.com:587 or smtps://…',
    })
    .optional(),
  OFFHOOK_MAIL_FROM: z
    .string()
    .regex(
      /^[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/u,
      'must be an address: phone@example.com or Offhook <phone@example.com>',
    )
    .optional(),
  OFFHOOK_PUSH: z
    .enum(
      ['0', '1', 'private'],
      'must be 1 (calls are pushed to browsers), 0, or private (push services may be in the own network)',
    )
    .default('1'),
  OFFHOOK_PUSH_CONTACT: z
    .string()
    .regex(/^(?:https:\/\/|mailto:).+/u, 'must be how push services reach you: mailto:phone@example.com')
    .optional(),
  OFFHOOK_TERMS_ROOT: z.string().optional(),
  OFFHOOK_MAIL_OUTBOX: z.enum(['0', '1'], 'must be 1 or 0').default('0'),
  OFFHOOK_LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'must be trace, debug, info, warn, error or silent',
    )
    .default('info'),
});

export type Config = {
  host: string;
  port: number;
  metricsPort: number;
  databaseUrl: string;
  secrets: SecretBox;
  webRoot: string | undefined;
  adminRoot: string | undefined;
  publicOrigin: string | undefined;
  isProxy: IsProxy;
  ssoPrivate: boolean;
  mail: MailConfig;
  /** Absent: calls are not pushed to browsers. */
  push?: PushConfig;
  /** The provider's own; absent: the usual ones. */
  terms: Terms | undefined;
  logLevel: string;
};

/**
 * Where mails go: to a mail server, onto a page for whoever sits at this machine, or (`none`) nowhere yet: they wait until there is a server.
 */
export type MailConfig = { kind: 'smtp'; url: string; from: string } | { kind: 'outbox' } | { kind: 'none' };

/**
 * `subject`: how a push service reaches who runs this (RFC 8292 section 2.1). `allowPrivate`: push services may have private addresses, and loopback
 * ones no TLS.
 */
export type PushConfig = { subject: string; allowPrivate: boolean };

/** @throws ConfigError */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  // An empty variable is one that is not set.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(problems.join('\n'));
  }
  const env = parsed.data;
  return {
    host: env.OFFHOOK_HOST,
    port: env.OFFHOOK_PORT,
    metricsPort: env.OFFHOOK_METRICS_PORT,
    databaseUrl: env.DATABASE_URL,
    secrets: readSecrets(env.OFFHOOK_SECRET_KEY_FILE),
    webRoot: env.OFFHOOK_WEB_ROOT,
    adminRoot: env.OFFHOOK_ADMIN_ROOT,
    publicOrigin: env.OFFHOOK_PUBLIC_URL === undefined ? undefined : new URL(env.OFFHOOK_PUBLIC_URL).origin,
    isProxy: readProxies(env.OFFHOOK_TRUST_PROXY),
    ssoPrivate: env.OFFHOOK_SSO_PRIVATE === '1',
    mail: readMail(env),
    ...readPush(env),
    terms: env.OFFHOOK_TERMS_ROOT === undefined ? undefined : readOwnTerms(env.OFFHOOK_TERMS_ROOT),
    logLevel: env.OFFHOOK_LOG_LEVEL,
  };
}

function readMail(env: z.infer<typeof Environment>): MailConfig {
  const { OFFHOOK_SMTP_URL: url, OFFHOOK_MAIL_FROM: from } = env;
  if (url === undefined) return { kind: env.OFFHOOK_MAIL_OUTBOX === '1' ? 'outbox' : 'none' };
  if (from === undefined) {
    throw new ConfigError('OFFHOOK_MAIL_FROM must say whom mails come from: Offhook <phone@example.com>');
  }
  return { kind: 'smtp', url, from };
}

function readPush(env: z.infer<typeof Environment>): { push?: PushConfig } {
  if (env.OFFHOOK_PUSH === '0') return {};
  const from = env.OFFHOOK_MAIL_FROM?.replace(/^.*<|>$/gu, '');
  const origin = env.OFFHOOK_PUBLIC_URL?.startsWith('https:') === true ? env.OFFHOOK_PUBLIC_URL : undefined;
  const subject =
    env.OFFHOOK_PUSH_CONTACT ??
    (from === undefined ? (origin ?? 'mailto:administrator@localhost') : `mailto:${from}`);
  return { push: { subject, allowPrivate: env.OFFHOOK_PUSH === 'private' } };
}

function readOwnTerms(folder: string): Terms {
  try {
    return readTerms(folder);
  } catch (cause) {
    throw new ConfigError(`OFFHOOK_TERMS_ROOT: ${cause instanceof Error ? cause.message : ''}`, cause);
  }
}

function readProxies(list: string | undefined): IsProxy {
  try {
    return parseProxies(list);
  } catch (cause) {
    throw new ConfigError(`OFFHOOK_TRUST_PROXY: ${cause instanceof Error ? cause.message : ''}`, cause);
  }
}

function readSecrets(path: string): SecretBox {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`OFFHOOK_SECRET_KEY_FILE: ${path} cannot be read.`, cause);
  }
  try {
    return createSecretBox(parseKeyFile(text));
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), cause);
  }
}
