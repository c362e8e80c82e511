import { createSocket } from 'node:dgram';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, freePort, startProcess } from '@offhook/testkit';
import { until } from '../src/until.ts';
import { hasOpenssl, makeCertificates, type Certificates } from './certificates.ts';
import type { TelephoneTransport } from './foreign-telephone.ts';
import { PASSWORD, presenceTables, routingScript } from './kamailio-script.ts';

/** A registrar and proxy of foreign make. Every user's password is the same. */
export interface Kamailio extends AsyncDisposable {
  /** For UDP and TCP. */
  readonly port: number;
  readonly password: string;
  /** Its own and what it trusts; absent where it speaks no TLS. */
  readonly certificates?: Certificates;
  /** `sip:user@127.0.0.1:port`, with the transport where it is not UDP. Throws for TLS where it speaks none. */
  uri(user: string | undefined, transport: TelephoneTransport): string;
  output(): string;
}

/** The port of an address that it gave. */
export const portOf = (uri: string): number => Number(/:(\d+)(?:;|$)/u.exec(uri)?.[1]);

export function hasKamailio(): boolean {
  return findProgram('kamailio') !== undefined;
}

/** Whether it speaks TLS: Debian has that in a package of its own. */
export function hasKamailioTls(): boolean {
  return hasKamailio() && hasOpenssl() && hasModule('tls.so');
}

/** Whether it can tell of dialogs and mailboxes: Debian has that in a package of its own. */
export function hasKamailioPresence(): boolean {
  return hasKamailio() && existsSync(presenceTables) && hasModule('pua_dialoginfo.so');
}

/**
 * @param options.tls with a certificate for 127.0.0.1 of an authority of its own
 * @param options.presence with the event packages `dialog` and `message-summary`
 */
export async function startKamailio({ tls = false, presence = false } = {}): Promise<Kamailio> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-kamailio-'));
  const port = await freePort();
  const secure = tls ? { port: await freePort(), certificates: makeCertificates(folder) } : undefined;
  const file = path.join(folder, 'kamailio.cfg');
  // Its modules for presence want tables, also where all is kept in memory.
  const tables = path.join(folder, 'tables');
  if (presence) {
    cpSync(presenceTables, tables, { recursive: true });
  }
  writeFileSync(file, routingScript({ port, secure, tables: presence ? tables : undefined }));
  const files = ['-f', file, '-Y', folder, '-P', path.join(folder, 'pid')];
  // In the foreground, all that it says on standard error, 32 MB shared and 8 MB private memory.
  const modes = ['-DD', '-E', '-m', '32', '-M', '8'];
  const program = startProcess(findProgram('kamailio') ?? 'kamailio', [...files, ...modes]);
  const stop = async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await program.waitFor(/processes \(at least\)/u);
    await until(
      'Kamailio to answer',
      () => answersOptions(port),
      (answers) => answers,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    password: PASSWORD,
    ...(secure !== undefined && { certificates: secure.certificates }),
    uri: (user, transport) => {
      const place = transport === 'tls' ? secure?.port : port;
      if (place === undefined) {
        throw new Error('This Kamailio speaks no TLS.');
      }
      const parameter = transport === 'udp' ? '' : `;transport=${transport}`;
      return `sip:${user === undefined ? '' : `${user}@`}127.0.0.1:${place}${parameter}`;
    },
    output: () => program.output(),
    [Symbol.asyncDispose]: stop,
  };
}

const hasModule = (file: string): boolean =>
  modulesFolders().some((folder) => existsSync(path.join(folder, file)));

function modulesFolders(): readonly string[] {
  const machine = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return ['/usr/lib', `/usr/lib/${machine}`, '/usr/local/lib', '/usr/local/lib64', '/usr/lib64'].map(
    (folder) => path.join(folder, 'kamailio', 'modules'),
  );
}

/** Its UDP workers come up one after the other: the first answer says that they listen. */
async function answersOptions(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return await new Promise<boolean>((resolve) => {
    const finish = (answers: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(answers);
    };
    const timer = setTimeout(() => finish(false), 500);
    socket.once('message', () => finish(true));
    socket.once('error', () => finish(false));
    socket.bind(0, '127.0.0.1', () => {
      const local = socket.address().port;
      const lines = [
        `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${local};branch=z9hG4bK${local};rport`,
        'Max-Forwards: 10',
        `From: <sip:test@127.0.0.1>;tag=${local}`,
        `To: <sip:127.0.0.1:${port}>`,
        `Call-ID: ${local}@127.0.0.1`,
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
      ];
      socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1');
    });
  });
}
