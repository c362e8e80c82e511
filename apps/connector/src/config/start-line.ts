import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ConfigurationError } from './environment.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

const USAGE = 'Usage: node apps/connector/src/main.ts [--cloud https://phone.example.com]';

/**
 * The variables that the environment gives, completed by the one line that starts a connector: with `--cloud` all that a person need not
 * decide has a value. Variables that are set win.
 * @param ownAddress numeric address of this machine on its way to a host; where the PBX finds us, too
 * @throws ConfigurationError for an argument that is not known
 */
export async function withStartLine(
  args: readonly string[],
  variables: Variables,
  ownAddress: (host: string) => Promise<string>,
): Promise<Variables> {
  const cloud = cloudOf(args);
  if (cloud === undefined) return variables;
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const host = URL.canParse(cloud) ? new URL(cloud).hostname.replaceAll(/^\[|\]$/gu, '') : undefined;
  const isNeeded = given['OFFHOOK_SIP_ADDRESS'] === undefined || given['OFFHOOK_RTP_ADDRESS'] === undefined;
  const address = host === undefined || !isNeeded ? undefined : await ownAddress(host);
  return {
    ...(address === undefined ? {} : { OFFHOOK_SIP_ADDRESS: address, OFFHOOK_RTP_ADDRESS: address }),
    OFFHOOK_CLOUD_URL: cloud,
    OFFHOOK_CONNECTOR_DATA_DIR: path.join(homedir(), '.offhook-connector'),
    ...given,
  };
}

function cloudOf(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { cloud: { type: 'string' } } }).values.cloud;
  } catch (error) {
    throw new ConfigurationError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Which address of ours the system would send from; nothing is sent for it. */
export async function ownAddressTowards(host: string): Promise<string> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.connect(443, host);
    await once(socket, 'connect');
    return socket.address().address;
  } catch (error) {
    throw new ConfigurationError(
      `The way to ${host} is not known: ${(error as Error).message}. Set OFFHOOK_SIP_ADDRESS and OFFHOOK_RTP_ADDRESS.`,
    );
  } finally {
    socket.close();
  }
}

/**
 * The API key, typed or pasted by a person or sent by another program: so it is in no command line, no history of a shell and no list of
 * processes. Nothing of it is shown.
 * @returns the first line; undefined where there is none
 */
export async function askForKey(
  input: Readable & { isTTY?: boolean },
  output: Writable,
): Promise<string | undefined> {
  output.write('API key (from the administration page; it is not shown): ');
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input, output: silent, terminal: input.isTTY === true, historySize: 0 });
  try {
    const [line] = await Promise.race([
      once(lines, 'line') as Promise<[string]>,
      once(lines, 'close').then((): [undefined] => [undefined]),
    ]);
    return line?.trim();
  } finally {
    lines.close();
    output.write('\n');
  }
}
