import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, freePort, startProcess } from '@offhook/testkit';
import { until } from '../src/until.ts';
import { hasOpenssl, makeCertificates, type Certificates } from './certificates.ts';
import type { TelephoneTransport } from './foreign-telephone.ts';

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

const REALM = 'kamailio.test';
const PASSWORD = 'open-sesame';

export function hasKamailio(): boolean {
  return findProgram('kamailio') !== undefined;
}

/** Whether it speaks TLS: Debian has that in a package of its own. */
export function hasKamailioTls(): boolean {
  return (
    hasKamailio() &&
    hasOpenssl() &&
    modulesFolders().some((folder) => existsSync(path.join(folder, 'tls.so')))
  );
}

/** @param options.tls with a certificate for 127.0.0.1 of an authority of its own */
export async function startKamailio({ tls = false } = {}): Promise<Kamailio> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-kamailio-'));
  const port = await freePort();
  const secure = tls ? { port: await freePort(), certificates: makeCertificates(folder) } : undefined;
  const file = path.join(folder, 'kamailio.cfg');
  writeFileSync(file, config(port, secure));
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

interface Secure {
  readonly port: number;
  readonly certificates: Certificates;
}

/**
 * Digest for REGISTER (401) and INVITE (407), record-routing, no database. Over streams telephones are reached by the connection
 * that they have made themselves, for nobody may dial theirs.
 */
function config(port: number, secure: Secure | undefined): string {
  return `#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "gruu_enabled", 0)
modparam("registrar|nathelper", "received_avp", "$avp(received)")
modparam("auth", "nonce_count", 1)
modparam("auth", "qop", "auth")
${secure === undefined ? '' : tlsConfig(secure)}
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) {
    if (loose_route()) {
      handle_ruri_alias();
      if (is_method("INVITE|UPDATE|REFER|NOTIFY|SUBSCRIBE") && proto != UDP) { add_contact_alias(); }
      t_on_reply("ALIAS");
      t_relay();
      exit;
    }
    if (is_method("ACK")) { if (t_check_trans()) { t_relay(); } exit; }
    sl_send_reply("404", "Not here"); exit;
  }
  t_check_trans();
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("${REALM}", "${PASSWORD}", "0")) { www_challenge("${REALM}", "1"); exit; }
    if (proto != UDP) { fix_nated_register(); }
    save("location");
    exit;
  }
  if (is_method("INVITE")) {
    if (!pv_proxy_authenticate("${REALM}", "${PASSWORD}", "0")) { proxy_challenge("${REALM}", "1"); exit; }
    consume_credentials();
  }
  record_route();
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  if (proto != UDP) { add_contact_alias(); }
  t_on_reply("ALIAS");
  t_relay();
}

onreply_route[ALIAS] {
  if (proto != UDP) { add_contact_alias(); }
}
`;
}

function tlsConfig({ port, certificates }: Secure): string {
  return `enable_tls=yes
listen=tls:127.0.0.1:${port}
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "${certificates.certificateFile}")
modparam("tls", "private_key", "${certificates.keyFile}")
modparam("tls", "ca_list", "${certificates.caFile}")
modparam("tls", "verify_certificate", 0)
`;
}
