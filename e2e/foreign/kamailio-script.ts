import type { Certificates } from './certificates.ts';

const REALM = 'kamailio.test';
export const PASSWORD = 'open-sesame';
/** Called by anybody, it is busy. */
export const BUSY_NUMBER = '386';

/** Empty tables for its text database, as its package brings them. */
export const presenceTables = '/usr/share/kamailio/dbtext/kamailio';

interface Secure {
  readonly port: number;
  readonly certificates: Certificates;
}

export interface ScriptOptions {
  /** For UDP and TCP. */
  readonly port: number;
  readonly secure: Secure | undefined;
  /** The folder of its tables, where it is to serve `dialog` and `message-summary`. */
  readonly tables: string | undefined;
}

/**
 * Kamailio's configuration: digest for REGISTER (401) and INVITE (407), record-routing, nothing kept. Over streams telephones are
 * reached by the connection that they have made themselves, for nobody may dial theirs. Without TLS, an address without a port is its
 * own, too, and one of another device (in place of a dialog there, RFC 5589 section 7) is reached by it; with TLS, every address is a
 * user's, for a telephone of the suite has that address itself over TCP.
 */
export function routingScript({ port, secure, tables }: ScriptOptions): string {
  return `#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
${secure === undefined ? 'alias=udp:127.0.0.1:5060\n' : ''}listen=udp:127.0.0.1:${port}
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
${secure === undefined ? '' : tlsConfig(secure)}${tables === undefined ? '' : presenceConfig(port, tables)}
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) {
${tables === undefined ? '' : PRESENCE_IN_DIALOG}    if (loose_route()) {
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
  remove_hf("Route");
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
${tables === undefined ? '' : PRESENCE}  record_route();
  if ($rU == "${BUSY_NUMBER}") { sl_send_reply("486", "Busy Here"); exit; }
  if (${secure === undefined ? 'uri == myself && ' : ''}!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
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

/**
 * The dialogs that pass it are published to itself, and those who have subscribed to the number are notified. One call is one
 * dialog there, whoever of the devices of a number has it.
 */
function presenceConfig(port: number, tables: string): string {
  return `loadmodule "db_text.so"
loadmodule "dialog.so"
loadmodule "presence.so"
loadmodule "presence_dialoginfo.so"
loadmodule "presence_mwi.so"
loadmodule "pua.so"
loadmodule "pua_dialoginfo.so"
modparam("presence|pua", "db_url", "text://${tables}")
modparam("presence", "server_address", "sip:127.0.0.1:${port}")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "send_fast_notify", 1)
modparam("pua", "outbound_proxy", "sip:127.0.0.1:${port}")
modparam("pua", "dlginfo_increase_version", 1)
modparam("dialog", "db_mode", 0)
`;
}

const PRESENCE_IN_DIALOG = `    if (is_method("SUBSCRIBE") && uri == myself) { handle_subscribe(); exit; }
`;

const PRESENCE = `  if (is_method("PUBLISH")) { handle_publish(); exit; }
  if (is_method("SUBSCRIBE")) {
    if (!pv_proxy_authenticate("${REALM}", "${PASSWORD}", "0")) { proxy_challenge("${REALM}", "1"); exit; }
    handle_subscribe(); exit;
  }
  if (is_method("INVITE")) { dlg_manage(); }
`;
