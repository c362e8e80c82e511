import type { EndpointCounts } from '@offhook/sip';

/** What an agent under load tells of itself; microseconds since it began, user and system together. */
export interface AgentReport {
  readonly cpu: number;
  /** Calls that are over. */
  readonly calls: number;
  /** Calls that ended otherwise than by a BYE. */
  readonly failed: number;
  /** Of the endpoint, where there is one. */
  readonly counts?: EndpointCounts;
}

export type AgentMessage =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'report'; readonly report: AgentReport };

const tell = (message: AgentMessage): void => void process.send?.(message);

/** Says where the agent listens, answers every message of the parent with a report, ends when the parent goes. */
export function serveReports(port: number, report: () => Omit<AgentReport, 'cpu'>): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    tell({ type: 'report', report: { cpu: user + system, ...report() } });
  });
  process.once('disconnect', () => process.exit(0));
  tell({ type: 'ready', port });
}
