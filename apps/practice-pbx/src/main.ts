import { pino } from 'pino';
import { ConfigError, readSettings } from './config/environment.ts';
import type { PbxSettings } from './config/environment.ts';
import { openPbx } from './pbx.ts';
import type { Pbx } from './pbx.ts';

/** One sentence for the person who started the program, then the end. */
function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function settingsOrFail(): PbxSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message);
    throw error;
  }
}

function portTaken(error: unknown, settings: PbxSettings): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const port = 'port' in error ? String(error.port) : `${settings.sipPort} or ${settings.httpPort}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${settings.address} is taken: end the program that uses it, or set OFFHOOK_PBX_SIP_PORT, OFFHOOK_PBX_HTTP_PORT or OFFHOOK_PBX_CSTA_PORT to another.`;
    case 'EADDRNOTAVAIL':
      return `${settings.address} is no address of this machine: set OFFHOOK_PBX_ADDRESS to one.`;
    case 'EACCES':
      return `Port ${port} may not be opened by this user: set OFFHOOK_PBX_SIP_PORT, OFFHOOK_PBX_HTTP_PORT and OFFHOOK_PBX_CSTA_PORT above 1023.`;
    default:
      return undefined;
  }
}

const settings = settingsOrFail();
const log = pino({ level: settings.logLevel, name: 'practice-pbx' });

let pbx: Pbx;
try {
  pbx = await openPbx(settings, (event) => log.info(event, event.event), {
    onTrouble: ({ code, ...trouble }) => log.warn(trouble, `voicemail: ${code}`),
  });
} catch (error) {
  const text = portTaken(error, settings);
  if (text !== undefined) fail(text);
  throw error;
}

let isStopping = false;
async function stop(why: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ why }, 'stopping');
  await pbx.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
process.once('disconnect', () => void stop('parent gone'));

const sip = `${pbx.sip.address}:${pbx.sip.port}`;
const csta = pbx.csta === undefined ? undefined : `${pbx.csta.address}:${pbx.csta.port}`;
log.info({ sip, url: pbx.url, csta }, 'serving');
process.send?.({ type: 'ready', sip, url: pbx.url, csta });
