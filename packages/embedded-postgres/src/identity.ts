import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/**
 * As whom PostgreSQL runs. It refuses to run as root.
 * `direct` as ourselves, who are not root · `namespace` we are root: in a user namespace in which root is
 * another account, so that files stay root's and every folder that root reaches is reachable · `setuid` we are
 * root and may not make namespaces (containers): as an unprivileged account.
 */
export type Identity =
  | { kind: 'direct' }
  | { kind: 'namespace'; account: Account }
  | { kind: 'setuid'; account: Account };

export type Account = { name: string; uid: number; gid: number };

/** Start a program as that identity. */
export function spawnAs(
  identity: Identity,
  program: string,
  args: string[],
  options: SpawnOptions,
): ChildProcess {
  if (identity.kind === 'direct') return spawn(program, args, options);
  const { uid, gid } = identity.account;
  if (identity.kind === 'setuid') return spawn(program, args, { ...options, uid, gid });
  // unshare replaces itself by the program: the child's pid is the program's pid.
  const map = ['--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return spawn('unshare', [...map, program, ...args], options);
}

/** Run a program to its end; never rejects. `output` is the last of what it wrote, both streams. */
export async function runAs(
  identity: Identity,
  program: string,
  args: string[],
): Promise<{ ok: boolean; output: string }> {
  const child = spawnAs(identity, program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { ok: code === 0, output };
  } catch (error) {
    return { ok: false, output: String(error) };
  }
}

/**
 * An account to become. `initdb` insists that its uid has a name, so it must be in the account list;
 * `uid` asks for that one.
 */
export async function findAccount(uid?: number): Promise<Account | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const accounts = lines.flatMap((line): Account[] => {
    const [name, , uidText, gidText] = line.split(':');
    const account = { name: name ?? '', uid: Number(uidText), gid: Number(gidText) };
    return uidText && gidText && account.uid > 0 && account.gid > 0 ? [account] : [];
  });
  if (uid !== undefined) return accounts.find((account) => account.uid === uid);
  const preferred = ['offhook', 'postgres', 'nobody', 'daemon'];
  return (
    preferred.map((name) => accounts.find((account) => account.name === name)).find(Boolean) ?? accounts[0]
  );
}
