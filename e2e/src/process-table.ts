import { execFileSync } from 'node:child_process';

/** Processes whose command line or environment names the folder, as `ps` sees them. */
export function processesWith(folder: string): string[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,stat=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).split('\n');
  // Not the zombies, which wait for nothing but being counted; not ourselves.
  return lines.filter(
    (line) =>
      line.includes(folder) &&
      !/^\s*\d+\s+Z/u.test(line) &&
      !line.includes('ps axeww') &&
      Number(line.trim().split(/\s+/u)[0]) !== process.pid,
  );
}
