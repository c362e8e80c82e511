import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CONNECTOR, demoDocument, pbxDocument, type DemoPlatform, type PbxPlace } from './demo-document.ts';
import { writeSecret, type Secrets } from './secrets.ts';

/** Where the administration program runs, and with what. */
export interface AdminSeat {
  readonly repository: string;
  readonly dataDir: string;
  /** With DATABASE_URL and OFFHOOK_SECRET_KEY_FILE. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Wanted {
  readonly secrets: Secrets;
  readonly pbx: PbxPlace;
  /** Tells databases apart: `embedded`, or a URL. */
  readonly database: string;
}

/** What was done to which database, so that a later start does not do it again and undo what people changed. */
interface Done {
  readonly database: string;
  readonly demo: boolean;
  readonly pbxSip: string;
  /** Absent in what was written before there was CTI. */
  readonly pbxCsta?: string;
  /** Lines that were created at the main numbers, as before there was CTI, stay there. */
  readonly platform?: DemoPlatform;
}

/**
 * Creates the demo tenant and an API key for its connector the first time, and follows the PBX when its address has moved. The
 * schema is brought up to date by whatever opens the database.
 */
export async function provision(seat: AdminSeat, wanted: Wanted): Promise<void> {
  const file = path.join(seat.dataDir, 'provisioned.json');
  const database = createHash('sha256').update(wanted.database).digest('hex').slice(0, 16);
  const found = readDone(file);
  let done: Done = found?.database === database ? found : { database, demo: false, pbxSip: '' };
  const note = (change: Partial<Done>): void => {
    done = { ...done, ...change };
    writeFileSync(file, JSON.stringify(done, undefined, 2));
  };

  const at = { pbxSip: wanted.pbx.sip, pbxCsta: wanted.pbx.csta };
  if (!done.demo) {
    seat.say('Creating the demo tenant …');
    await apply(seat, demoDocument(wanted.secrets, wanted.pbx));
    rmSync(wanted.secrets.apiKeyFile, { force: true });
    note({ demo: true, ...at, platform: 'openscape-voice' });
  } else if (done.pbxSip !== at.pbxSip || done.pbxCsta !== at.pbxCsta) {
    await apply(seat, pbxDocument(wanted.pbx, done.platform ?? 'generic-sip'));
    note(at);
  }
  if (!existsSync(wanted.secrets.apiKeyFile)) {
    const printed = await admin(seat, ['create-key', CONNECTOR]);
    writeSecret(wanted.secrets.apiKeyFile, printed.trim());
  }
}

/** The document holds passwords: it is written for its owner alone, and removed when it has been read. */
async function apply(seat: AdminSeat, document: object): Promise<void> {
  const file = path.join(seat.dataDir, 'secrets', 'apply.json');
  writeSecret(file, JSON.stringify(document));
  try {
    await admin(seat, ['apply', file]);
  } finally {
    rmSync(file, { force: true });
  }
}

/** Gives what the command printed. Rejects with its last words. */
async function admin(seat: AdminSeat, args: readonly string[]): Promise<string> {
  const program = path.join(seat.repository, 'apps', 'cloud', 'src', 'admin.ts');
  try {
    const { env, signal } = seat;
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env, signal });
    return stdout;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const words = stderr === undefined || stderr.trim() === '' ? String(error) : stderr.trim();
    throw new Error(`The database could not be prepared (${args[0]}): ${words}`, { cause: error });
  }
}

function readDone(file: string): Done | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Done;
  } catch {
    return undefined;
  }
}
