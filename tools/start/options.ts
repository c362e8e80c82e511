import path from 'node:path';
import { parseArgs } from 'node:util';

/** What `./start` was asked to do, from its arguments and the environment. */
export interface StartOptions {
  /** Absolute. Everything that outlives a start is in here. */
  readonly dataDir: string;
  readonly ports: Ports;
  /** Address that the web pages listen on. */
  readonly host: string;
  /** Address of the practice PBX. */
  readonly pbxAddress: string;
  /** An existing PostgreSQL; absent for the embedded one. */
  readonly databaseUrl?: string;
  /** Absolute path of a file that is written, as JSON, when everything serves. */
  readonly readyFile?: string;
}

/** Port numbers; 0 takes a free one. */
export interface Ports {
  readonly cloud: number;
  readonly pbxSip: number;
  readonly pbxHttp: number;
  readonly pbxCsta: number;
  readonly mediaUdp: number;
  readonly connectorHttp: number;
}

export type Reading =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly text: string };

/** The variable that sets each port, and what stands where it is not set. */
export const portVariables = {
  cloud: { variable: 'OFFHOOK_PORT', usual: 8470, what: 'the phone and its API' },
  pbxSip: { variable: 'OFFHOOK_PBX_SIP_PORT', usual: 5070, what: 'the practice PBX (SIP)' },
  pbxHttp: { variable: 'OFFHOOK_PBX_HTTP_PORT', usual: 8471, what: "the practice PBX's page" },
  pbxCsta: { variable: 'OFFHOOK_PBX_CSTA_PORT', usual: 1040, what: 'the practice PBX (CSTA)' },
  mediaUdp: { variable: 'OFFHOOK_MEDIA_UDP_PORT', usual: 0, what: 'the voice of the browsers' },
  connectorHttp: { variable: 'OFFHOOK_CONNECTOR_HTTP_PORT', usual: 0, what: "the connector's metrics" },
} as const satisfies Record<keyof Ports, { variable: string; usual: number; what: string }>;

export const helpText = `Runs Offhook with the demo tenant: an embedded PostgreSQL, a practice PBX, the cloud and a connector.

  ./start [--port N] [--data-dir FOLDER] [--ready-file FILE]

  --port N           the phone's port (8470). 0 takes free ports for everything that is not set otherwise.
  --data-dir FOLDER  where data, secrets and logs are kept (.data in the repository)
  --ready-file FILE  is written when everything serves: JSON with addresses, accounts and process ids
  --help             this text

Environment:
  OFFHOOK_PORT, OFFHOOK_DATA_DIR   as the options above, which win
  OFFHOOK_HOST                     address of the web pages (127.0.0.1)
  OFFHOOK_PBX_ADDRESS              address of the practice PBX (127.0.0.1)
  OFFHOOK_PBX_SIP_PORT             its SIP port, UDP and TCP (5070)
  OFFHOOK_PBX_HTTP_PORT            its page (8471)
  OFFHOOK_PBX_CSTA_PORT            its CTI link, CSTA over TCP (1040)
  OFFHOOK_PBX_RTP_PORTS            its ports for voice (30000-39999)
  OFFHOOK_RTP_PORTS                the connector's ports for voice towards it (20000-29999)
  OFFHOOK_LOG_LEVEL                debug, info, warn or error (info)
  OFFHOOK_MEDIA_UDP_PORT           one port for the voice of all browsers (a free one)
  OFFHOOK_CONNECTOR_HTTP_PORT      the connector's health and metrics (a free one)
  DATABASE_URL                     an existing, empty PostgreSQL database instead of the embedded one

Ctrl-C ends every process. Data stay in the data folder.
`;

/** Pure: reads arguments and environment. `repository` and `cwd` are absolute folders. */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  folders: { readonly repository: string; readonly cwd: string },
): Reading {
  const given = parse(args);
  if (typeof given === 'string') {
    return { kind: 'refused', text: `${given}. ./start --help tells the options.` };
  }
  if (given.help === true) {
    return { kind: 'help' };
  }
  const port = (name: keyof Ports, fallback: number): number | string => {
    const { variable, what } = portVariables[name];
    const text = name === 'cloud' && given.port !== undefined ? given.port : env[variable];
    if (text === undefined || text === '') {
      return fallback;
    }
    const number = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
    const source = name === 'cloud' && given.port !== undefined ? '--port' : variable;
    return number <= 65_535
      ? number
      : `${source} must be a port number from 0 to 65535 for ${what}; it is "${text}"`;
  };
  const cloud = port('cloud', portVariables.cloud.usual);
  const rest = (name: keyof Ports) => port(name, cloud === 0 ? 0 : portVariables[name].usual);
  const ports = {
    cloud,
    pbxSip: rest('pbxSip'),
    pbxHttp: rest('pbxHttp'),
    pbxCsta: rest('pbxCsta'),
    mediaUdp: rest('mediaUdp'),
    connectorHttp: rest('connectorHttp'),
  };
  const wrong = Object.values(ports).find((value) => typeof value === 'string');
  if (wrong !== undefined) {
    return { kind: 'refused', text: `${wrong}.` };
  }
  const inEnv = env['OFFHOOK_DATA_DIR'] === '' ? undefined : env['OFFHOOK_DATA_DIR'];
  const chosen = given['data-dir'] ?? inEnv;
  const databaseUrl = env['DATABASE_URL'] === '' ? undefined : env['DATABASE_URL'];
  const readyFile = given['ready-file'];
  return {
    kind: 'run',
    options: {
      dataDir:
        chosen === undefined ? path.join(folders.repository, '.data') : path.resolve(folders.cwd, chosen),
      // Each value is a number: a sentence would have been refused above.
      ports: ports as Ports,
      host: env['OFFHOOK_HOST'] ?? '127.0.0.1',
      pbxAddress: env['OFFHOOK_PBX_ADDRESS'] ?? '127.0.0.1',
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(readyFile === undefined ? {} : { readyFile: path.resolve(folders.cwd, readyFile) }),
    },
  };
}

/** The options as given, or a sentence without its full stop about what is wrong with them. */
function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'ready-file': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
      strict: true,
    }).values;
  } catch (error) {
    return error instanceof Error ? (error.message.split(/\.\s|\n/u)[0] ?? error.message) : String(error);
  }
}
