import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startProcess } from '@offhook/testkit';

export interface SippResult {
  readonly successful: number;
  readonly failed: number;
  /** Requests and responses that SIPp sent again. */
  readonly retransmissions: number;
  /** Calls started per second over the whole run. */
  readonly rate: number;
}

export interface RunningSipp extends AsyncDisposable {
  readonly port: number;
  /** Resolves when all calls are over. */
  readonly result: Promise<SippResult>;
}

/** Starts SIPp with a scenario of ours on loopback UDP and a port of its own. */
export async function startSipp(
  scenario: 'caller' | 'callee',
  args: readonly string[],
): Promise<RunningSipp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-sipp-'));
  const statistics = path.join(folder, 'statistics.csv');
  const port = await freePort();
  const where = ['-sf', path.join(import.meta.dirname, 'scenarios', `${scenario}.xml`), '-i', '127.0.0.1'];
  const bounds = ['-nostdin', '-buff_size', '4194304', '-l', '1000000', '-recv_timeout', '20000'];
  const record = ['-trace_stat', '-stf', statistics, '-fd', '1'];
  const sipp = startProcess('sipp', [...where, '-p', String(port), ...bounds, ...record, ...args]);
  const result = sipp.ended.then((end): SippResult => {
    if (end.code === null || end.code > 1) {
      throw new Error(
        `SIPp as ${scenario} ended with ${end.code ?? end.signal}:\n${sipp.output().slice(-2_000)}`,
      );
    }
    return readStatistics(readFileSync(statistics, 'utf8'));
  });
  // Whoever does not ask for the result of a SIPp that it stops is not to fall over it.
  result.catch(() => undefined);
  return {
    port,
    result,
    async [Symbol.asyncDispose]() {
      await sipp.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last line of SIPp's statistics; `(C)` columns count from the start. */
export function readStatistics(csv: string): SippResult {
  const [heading = '', ...lines] = csv.trim().split('\n');
  const cells = lines.at(-1)?.split(';') ?? [];
  const columns = heading.split(';');
  const value = (column: string): number => Number(cells[columns.indexOf(column)] ?? Number.NaN);
  return {
    successful: value('SuccessfulCall(C)'),
    failed: value('FailedCall(C)'),
    retransmissions: value('Retransmissions(C)'),
    rate: value('CallRate(C)'),
  };
}
