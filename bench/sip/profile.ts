import { readFileSync } from 'node:fs';

/** What is read of a `.cpuprofile` as V8 writes it; times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      /** From 0. */
      readonly lineNumber: number;
    };
  }[];
  /** The node on top of the stack at each sample, and the time since the sample before. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface HotFunction {
  /** `name file:line`; `(garbage collector)` and `(program)` are V8's own. */
  readonly name: string;
  /** Part of the time in which the process was not idle. */
  readonly share: number;
}

/** The functions in which most time was spent, without what they have called. */
export function hottest({ nodes, samples, timeDeltas }: CpuProfile, count: number): readonly HotFunction[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '(unknown)';
    const time = timeDeltas[index] ?? 0;
    if (name === '(idle)') return;
    total += time;
    times.set(name, (times.get(name) ?? 0) + time);
  });
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, time]) => ({ name, share: time / total }));
}

export function readProfile(file: string): CpuProfile {
  return JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const file = url.split('/').slice(-2).join('/');
  return `${name} ${file}:${lineNumber + 1}`;
}
