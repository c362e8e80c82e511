import type { ConnectorId, ConnectorState, PlatformKind } from '@offhook/contract';
import type { LinkStatus } from '../bus/topics.ts';
import { findingsOf, productOfReport } from '../compatibility/check.ts';

/** What is known of a connector; a connector that is offline was seen last as `seen` says. */
export type Known = {
  connectorId: ConnectorId;
  name: string;
  kind: PlatformKind | undefined;
  /** Administrators want it to take no new calls. */
  draining: boolean;
  /** From the node that holds its link; absent while it is offline. */
  live: LinkStatus | undefined;
  seen: { facts: LinkStatus; at: number } | undefined;
};

type Trouble = ConnectorState['trouble'][number];

/** Lines that are still on their way just after the start are no trouble: new ones register spread over half a minute. */
const SETTLING_MS = 60_000;

/** A connector as its administrators see it. `now` in milliseconds since the epoch. */
export function stateOf(known: Known, now: number): ConnectorState {
  const { connectorId, name, live, seen } = known;
  const facts = live ?? seen?.facts;
  const since = live?.since ?? seen?.at;
  const { status, control } = facts ?? {};
  const product = status?.platform === undefined ? {} : productOfReport(status.platform);
  const platform =
    status?.platform === undefined && control === undefined
      ? {}
      : {
          platform: {
            ...product,
            reached: status?.platform?.reached ?? control?.state === 'up',
            cti: ctiOf(control?.state),
          },
        };
  return {
    connectorId,
    name,
    online: live !== undefined,
    ...(since === undefined ? {} : { since }),
    ...(facts === undefined ? {} : { version: facts.version, address: facts.address }),
    ...platform,
    ...(live?.status === undefined
      ? {}
      : { lines: live.status.lines, registered: live.status.registered, calls: live.status.calls }),
    draining: known.draining && (live === undefined || live.canDrain),
    trouble: troubleOf(known, now),
  };
}

function ctiOf(state: NonNullable<LinkStatus['control']>['state'] | undefined): 'none' | 'up' | 'down' {
  switch (state) {
    case undefined:
    case 'none':
      return 'none';
    case 'up':
      return 'up';
    case 'connecting':
    case 'down':
      return 'down';
  }
}

/** What is wrong, the worst first. What an offline connector had last is not said of it now, but why, as far as it was known. */
function troubleOf({ kind, live, seen }: Known, now: number): Trouble[] {
  const facts = live ?? seen?.facts;
  if (facts === undefined) return [trouble('never_connected')];
  const lasting = kind === undefined ? [] : versionTrouble(kind, facts, now);
  if (live === undefined)
    return [trouble('offline', facts.status?.reason ?? facts.control?.reason), ...lasting];
  return [...platformTrouble(live, now), ...lasting, ...keyTrouble(live)];
}

function platformTrouble({ status, control, since }: LinkStatus, now: number): Trouble[] {
  const found: Trouble[] = [];
  const isReached = status?.platform?.reached !== false;
  if (!isReached) found.push(trouble('platform_unreachable', status?.reason));
  const refused = status?.refused ?? 0;
  if (refused > 0) found.push(trouble('lines_refused', `${refused}: ${status?.reason ?? ''}`));
  const waiting = (status?.lines ?? 0) - (status?.registered ?? 0) - refused;
  if (isReached && waiting > 0 && now - since > SETTLING_MS) {
    const reason = refused > 0 || status?.reason === undefined ? '' : `: ${status.reason}`;
    found.push(trouble('lines_not_registered', `${waiting}${reason}`));
  }
  if (control?.state === 'down') found.push(trouble('cti_down', control.reason));
  return found;
}

function versionTrouble(kind: PlatformKind, { version, status }: LinkStatus, now: number): Trouble[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return findingsOf({ kind, connectorVersion: version, platform: status?.platform }, today).map((finding) =>
    trouble(
      finding.kind,
      finding.kind === 'platform_deprecated' ? `${finding.what} · ${finding.until}` : finding.what,
    ),
  );
}

const keyTrouble = ({ keyExpiresAt }: LinkStatus): Trouble[] =>
  keyExpiresAt === undefined ? [] : [trouble('key_expiring', new Date(keyExpiresAt).toISOString())];

const trouble = (kind: Trouble['kind'], detail?: string): Trouble => ({
  kind,
  ...(detail === undefined || detail === '' ? {} : { detail: detail.slice(0, 300) }),
});
