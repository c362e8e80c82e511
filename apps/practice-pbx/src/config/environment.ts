import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEMO_EXCHANGE } from './demo.ts';
import { exchangeConfig } from './exchange.ts';
import type { ExchangeConfig } from './exchange.ts';

/** Something in the environment that a person has to mend; the message says what. */
export class ConfigError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ConfigError';
  }
}

const port = (byDefault: number) =>
  z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be a port number')
    .max(65_535, 'must be a port number')
    .default(byDefault);

const environment = z.object({
  OFFHOOK_PBX_ADDRESS: z
    .union([z.ipv4(), z.ipv6()], 'must be a numeric IP address of this machine, e.g. 127.0.0.1')
    .default('127.0.0.1'),
  OFFHOOK_PBX_SIP_PORT: port(5070),
  OFFHOOK_PBX_HTTP_PORT: port(8471),
  /** Where OpenScape Voice has it. */
  OFFHOOK_PBX_CSTA_PORT: port(1040),
  OFFHOOK_PBX_CONFIG: z.string().min(1).optional(),
  OFFHOOK_PBX_DATA_DIR: z.string().min(1).optional(),
  OFFHOOK_PBX_RTP_PORTS: z
    .string()
    .default('30000-39999')
    .transform((text, context) => {
      const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text)?.map(Number) ?? [];
      if (first !== undefined && last !== undefined && first >= 1024 && first < last && last <= 65_535) {
        return { first, last };
      }
      context.addIssue({
        code: 'custom',
        message: 'must be a range of ports from 1024 on, e.g. 30000-39999',
      });
      return z.NEVER;
    }),
  OFFHOOK_LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'must be trace, debug, info, warn, error or silent',
    )
    .default('info'),
});

export interface PbxSettings {
  readonly address: string;
  /** 0: a free one. UDP and TCP. */
  readonly sipPort: number;
  readonly httpPort: number;
  /** 0: a free one. Of a `generic` PBX there is none. */
  readonly cstaPort: number;
  /** Where mailboxes are kept; without it they live as long as the process. */
  readonly dataDirectory: string | undefined;
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly logLevel: z.infer<typeof environment>['OFFHOOK_LOG_LEVEL'];
  readonly exchange: ExchangeConfig;
}

/** Throws {@link ConfigError} with one line per mistake. */
export function readSettings(env: NodeJS.ProcessEnv): PbxSettings {
  const parsed = environment.safeParse(withoutEmpty(env));
  if (!parsed.success) throw new ConfigError(mistakes(parsed.error));
  const values = parsed.data;
  return {
    address: values.OFFHOOK_PBX_ADDRESS,
    sipPort: values.OFFHOOK_PBX_SIP_PORT,
    httpPort: values.OFFHOOK_PBX_HTTP_PORT,
    cstaPort: values.OFFHOOK_PBX_CSTA_PORT,
    rtpPorts: values.OFFHOOK_PBX_RTP_PORTS,
    dataDirectory: values.OFFHOOK_PBX_DATA_DIR,
    logLevel: values.OFFHOOK_LOG_LEVEL,
    exchange: readExchange(values.OFFHOOK_PBX_CONFIG),
  };
}

function readExchange(file: string | undefined): ExchangeConfig {
  if (file === undefined) return exchangeConfig.parse(DEMO_EXCHANGE);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new ConfigError(`OFFHOOK_PBX_CONFIG: the file ${file} ${why}.`, { cause });
  }
  const parsed = exchangeConfig.safeParse(content);
  if (!parsed.success)
    throw new ConfigError(`OFFHOOK_PBX_CONFIG: ${file} is not right.\n${mistakes(parsed.error)}`);
  return parsed.data;
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function mistakes(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')} ${issue.message}`))
    .join('\n');
}
