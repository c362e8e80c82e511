import { describe, expect, it } from 'vitest';
import { findProgram, freePort, startProcess } from './processes.ts';

const node = process.execPath;

describe('a program under test', () => {
  it('[testkit-process] gives what it printed before and after it was asked, from both streams', async () => {
    await using program = startProcess(node, [
      '-e',
      'console.log("one 1"); console.error("two 2"); setInterval(() => {}, 1000)',
    ]);
    expect((await program.waitFor(/two (\d)/u))[1]).toBe('2');
    expect((await program.waitFor(/one (\d)/u))[1]).toBe('1');
  });

  it('[testkit-process] is typed to where that was asked for, also when it has ended', async () => {
    await using program = startProcess(node, ['-e', 'process.stdin.pipe(process.stdout)'], { input: true });
    program.type('hello');
    await program.waitFor(/hello/u);
    await program.stop();
    expect(() => program.type('too late')).not.toThrow();
    expect(() => startProcess('offhook-no-such-program', []).type('x')).toThrow(/no standard input/u);
  });

  it('[testkit-process] says what it printed when it ends too early', async () => {
    const program = startProcess(node, ['-e', 'console.error("no such thing"); process.exit(3)']);
    await expect(program.waitFor(/ready/u)).rejects.toThrow(/ended before.*no such thing/su);
    expect(await program.ended).toEqual({ code: 3, signal: null });
  });

  it('[testkit-process] kills what does not end by itself', async () => {
    const program = startProcess(node, [
      '-e',
      'process.on("SIGTERM", () => console.log("no")); console.log("up"); setInterval(() => {}, 1000)',
    ]);
    await program.waitFor(/up/u);
    expect(await program.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(program.output()).toContain('no');
  });

  it('[testkit-process] a program that is not there is an end, not a crash', async () => {
    expect(findProgram('offhook-no-such-program')).toBeUndefined();
    expect(await startProcess('offhook-no-such-program', []).ended).toEqual({ code: 127, signal: null });
  });

  it('[testkit-process] free ports are ports', async () => {
    expect(await freePort()).toBeGreaterThan(1023);
  });
});
