import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

interface SystemProgram {
  /** Any of these on the path will do; of a file that is no program, any of these under a folder for libraries. */
  readonly names: readonly string[];
  readonly isLibrary?: boolean;
  /** Debian's package. */
  readonly debian: string;
  readonly without: string;
}

const programs: readonly SystemProgram[] = [
  {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
    without: 'the browser tests cannot run (CHROMIUM_PATH may name a Chromium elsewhere)',
  },
  {
    names: ['firefox-esr', 'firefox'],
    debian: 'firefox-esr',
    without: 'the call in Firefox is skipped (FIREFOX_PATH may name one elsewhere)',
  },
  { names: ['sipp'], debian: 'sip-tester', without: 'the tests with SIPp are skipped' },
  { names: ['baresip'], debian: 'baresip-core', without: 'the tests with baresip are skipped' },
  { names: ['kamailio'], debian: 'kamailio', without: 'the tests with Kamailio are skipped' },
  {
    names: ['kamailio/modules/tls.so'],
    isLibrary: true,
    debian: 'kamailio-tls-modules',
    without: 'the tests of telephones behind Kamailio are skipped',
  },
  {
    names: ['kamailio/modules/pua_dialoginfo.so'],
    isLibrary: true,
    debian: 'kamailio-presence-modules',
    without: 'the tests of what Kamailio tells of a number are skipped',
  },
  { names: ['linphonec'], debian: 'linphone-cli', without: 'the tests with linphone are skipped' },
  {
    names: ['openssl'],
    debian: 'openssl',
    without: 'the tests of telephones behind Kamailio are skipped',
  },
];

/** Installs what tests need besides npm packages, where that may be done; else says what is missing, a line each. */
export function installSystemPackages(): void {
  const missing = programs.filter((each) => !isHere(each)).filter(notGivenOtherwise);
  if (missing.length === 0) {
    return;
  }
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const may = isOnPath('apt-get') && (prefix.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (may) {
    const names = missing.map(({ debian }) => debian);
    console.log(`Installing ${names.join(', ')} …`);
    quietly([...prefix, 'apt-get', 'update', '-qq']);
    quietly([
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      ...names,
    ]);
  }
  for (const { names, debian, without } of missing.filter((each) => !isHere(each))) {
    console.log(`${names[0]} is missing (Debian package ${debian}): ${without}.`);
  }
}

function isHere({ names, isLibrary = false }: SystemProgram): boolean {
  return names.some((name) =>
    isLibrary ? libraryFolders().some((folder) => existsSync(path.join(folder, name))) : isOnPath(name),
  );
}

/** `/usr/lib` and the folders in it that Debian has for each kind of machine. */
function libraryFolders(): readonly string[] {
  const root = '/usr/lib';
  const entries = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : [];
  return [root, ...entries.filter((each) => each.isDirectory()).map(({ name }) => path.join(root, name))];
}

function notGivenOtherwise({ debian }: SystemProgram): boolean {
  const elsewhere: Readonly<Record<string, string>> = {
    chromium: 'CHROMIUM_PATH',
    'firefox-esr': 'FIREFOX_PATH',
  };
  return process.env[elsewhere[debian] ?? ''] === undefined;
}

function quietly([program, ...args]: readonly string[]): void {
  const { status, stderr } = spawnSync(program ?? '', args, { encoding: 'utf8' });
  if (status !== 0) {
    console.log(`${args.join(' ')} failed:\n${stderr}`);
  }
}

function isOnPath(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
