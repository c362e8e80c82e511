import { readFileSync } from 'node:fs';
import * as z from 'zod';
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
  logLevel: string;
};

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
    logLevel: env.OFFHOOK_LOG_LEVEL,
  };
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
