import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import * as z from 'zod';

/** Why the program cannot start, in one sentence for the person who starts it. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}

const port = (name: string, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/u, `${name} must be a port number from 0 to 65535 (0 takes a free one)`)
    .transform(Number)
    .refine((value) => value <= 65_535, `${name} must be a port number from 0 to 65535 (0 takes a free one)`)
    .default(fallback);

const address = (name: string) =>
  z
    .string()
    .refine(
      (value) => isIP(value) !== 0,
      `${name} must be a numeric address of this machine, such as 192.0.2.10`,
    )
    .default('127.0.0.1');

const seconds = (name: string, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/u, `${name} must be a number of seconds`)
    .transform(Number)
    .default(fallback);

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/u, 'OFFHOOK_RTP_PORTS must be a range of ports such as 20000-29999')
  .transform((text) => {
    const [first = 0, last = 0] = text.split('-').map(Number);
    return { first, last };
  })
  .refine(
    ({ first, last }) => first >= 1024 && last <= 65_535 && last > first,
    'OFFHOOK_RTP_PORTS must be a range between 1024 and 65535, the smaller port first',
  )
  .default({ first: 20_000, last: 29_999 });

const Variables = z.object({
  OFFHOOK_CLOUD_URL: z
    .url({
      protocol: /^(https?|wss?)$/u,
      error: 'OFFHOOK_CLOUD_URL must be the address of the cloud, such as https://phone.example.com',
    })
    .transform((text) => new URL(text).href),
  OFFHOOK_API_KEY: z.string().min(1).optional(),
  OFFHOOK_API_KEY_FILE: z.string().min(1).optional(),
  OFFHOOK_CONNECTOR_DATA_DIR: z
    .string({
      error:
        'OFFHOOK_CONNECTOR_DATA_DIR must name a folder in which call records are kept until the cloud has them',
    })
    .min(1),
  OFFHOOK_SIP_ADDRESS: address('OFFHOOK_SIP_ADDRESS'),
  OFFHOOK_SIP_PORT: port('OFFHOOK_SIP_PORT', 0),
  OFFHOOK_SIP_TLS_PORT: port('OFFHOOK_SIP_TLS_PORT', 0),
  OFFHOOK_SIP_CERTIFICATE_FILE: z.string().min(1).optional(),
  OFFHOOK_SIP_KEY_FILE: z.string().min(1).optional(),
  OFFHOOK_PBX_CA_FILE: z.string().min(1).optional(),
  OFFHOOK_CTI_CA_FILE: z.string().min(1).optional(),
  OFFHOOK_MEDIA_UDP_PORT: port('OFFHOOK_MEDIA_UDP_PORT', 0),
  OFFHOOK_MEDIA_ADDRESSES: z
    .string()
    .transform((text) => text.split(/[\s,]+/u).filter((part) => part !== ''))
    .refine(
      (list) => list.every((part) => isIP(part) !== 0),
      'OFFHOOK_MEDIA_ADDRESSES must be a list of numeric addresses, separated by commas',
    )
    .default([]),
  OFFHOOK_RTP_ADDRESS: address('OFFHOOK_RTP_ADDRESS'),
  OFFHOOK_RTP_PORTS: portRange,
  OFFHOOK_CONNECTOR_HTTP_ADDRESS: address('OFFHOOK_CONNECTOR_HTTP_ADDRESS'),
  OFFHOOK_CONNECTOR_HTTP_PORT: port('OFFHOOK_CONNECTOR_HTTP_PORT', 0),
  OFFHOOK_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'OFFHOOK_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  OFFHOOK_ORPHAN_SECONDS: seconds('OFFHOOK_ORPHAN_SECONDS', 60),
  OFFHOOK_DRAIN_SECONDS: seconds('OFFHOOK_DRAIN_SECONDS', 0),
});

/** TLS towards the PBX: PEM texts. */
export interface TlsToPbx {
  /** Where the PBX may connect to us; only with a certificate of our own. 0 takes a free port. */
  readonly port: number;
  /** Trusted in the place of the system's, e.g. the company's own. */
  readonly ca: string | undefined;
  /** Shown to the PBX where it asks, and needed to be connected to. */
  readonly own: { readonly certificate: string; readonly key: string } | undefined;
}

export interface Environment {
  readonly cloudUrl: string;
  readonly apiKey: string;
  readonly dataDirectory: string;
  readonly sip: { readonly address: string; readonly port: number; readonly tls: TlsToPbx };
  /** PEM: trusted by the CTI link over TLS in the place of the system's CAs. */
  readonly ctiCa: string | undefined;
  readonly media: { readonly udpPort: number; readonly addresses: readonly string[] };
  readonly rtp: { readonly address: string; readonly firstPort: number; readonly lastPort: number };
  /** Health and metrics. */
  readonly http: { readonly address: string; readonly port: number };
  readonly logLevel: z.infer<typeof Variables>['OFFHOOK_LOG_LEVEL'];
  /** How long a call is kept whose client has gone with its voice. */
  readonly orphanSeconds: number;
  /** How long running calls may go on after SIGTERM; 0 ends them at once. */
  readonly drainSeconds: number;
}

/** Reads the configuration once. Throws `ConfigurationError` with every fault in it. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Environment {
  // `NAME=` in a unit file means: not set.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(given);
  if (!parsed.success) {
    throw new ConfigurationError(parsed.error.issues.map(({ message }) => message).join('\n'));
  }
  const read = parsed.data;
  const tls = tlsToPbx(read, readFile);
  return {
    cloudUrl: read.OFFHOOK_CLOUD_URL,
    apiKey: apiKeyOf(read.OFFHOOK_API_KEY, read.OFFHOOK_API_KEY_FILE, readFile),
    dataDirectory: read.OFFHOOK_CONNECTOR_DATA_DIR,
    sip: {
      address: read.OFFHOOK_SIP_ADDRESS,
      port: read.OFFHOOK_SIP_PORT,
      tls,
    },
    // A company's CA has mostly signed for both.
    ctiCa: pemIn(read, 'OFFHOOK_CTI_CA_FILE', readFile) ?? tls.ca,
    media: { udpPort: read.OFFHOOK_MEDIA_UDP_PORT, addresses: read.OFFHOOK_MEDIA_ADDRESSES },
    rtp: {
      address: read.OFFHOOK_RTP_ADDRESS,
      firstPort: read.OFFHOOK_RTP_PORTS.first,
      lastPort: read.OFFHOOK_RTP_PORTS.last,
    },
    http: { address: read.OFFHOOK_CONNECTOR_HTTP_ADDRESS, port: read.OFFHOOK_CONNECTOR_HTTP_PORT },
    logLevel: read.OFFHOOK_LOG_LEVEL,
    orphanSeconds: read.OFFHOOK_ORPHAN_SECONDS,
    drainSeconds: read.OFFHOOK_DRAIN_SECONDS,
  };
}

function tlsToPbx(
  given: z.infer<typeof Variables>,
  readFile: (path: string) => string,
): Environment['sip']['tls'] {
  const read = (name: PemFile): string | undefined => pemIn(given, name, readFile);
  const certificate = read('OFFHOOK_SIP_CERTIFICATE_FILE');
  const key = read('OFFHOOK_SIP_KEY_FILE');
  if ((certificate === undefined) !== (key === undefined)) {
    throw new ConfigurationError('OFFHOOK_SIP_CERTIFICATE_FILE and OFFHOOK_SIP_KEY_FILE belong together.');
  }
  return {
    port: given.OFFHOOK_SIP_TLS_PORT,
    ca: read('OFFHOOK_PBX_CA_FILE'),
    own: certificate === undefined || key === undefined ? undefined : { certificate, key },
  };
}

type PemFile = `OFFHOOK_${'SIP_CERTIFICATE' | 'SIP_KEY' | 'PBX_CA' | 'CTI_CA'}_FILE`;

function pemIn(
  given: z.infer<typeof Variables>,
  name: PemFile,
  readFile: (path: string) => string,
): string | undefined {
  const file = given[name];
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    throw new ConfigurationError(`${name}: ${file} cannot be read: ${(error as Error).message}`);
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new ConfigurationError(`${name}: ${file} is not PEM text, which begins with "-----BEGIN".`);
}

function apiKeyOf(
  key: string | undefined,
  file: string | undefined,
  readFile: (path: string) => string,
): string {
  if (key !== undefined) return usable(key.trim());
  if (file === undefined) {
    throw new ConfigurationError(
      'OFFHOOK_API_KEY or OFFHOOK_API_KEY_FILE must give the API key from the administration page of the cloud',
    );
  }
  try {
    return usable(readFile(file).trim());
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`OFFHOOK_API_KEY_FILE: ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** It goes into a header field. */
function usable(key: string): string {
  if (/^[\x21-\x7E]{1,500}$/u.test(key)) return key;
  throw new ConfigurationError(
    'The API key is empty or holds characters that no API key has. Copy it again.',
  );
}
