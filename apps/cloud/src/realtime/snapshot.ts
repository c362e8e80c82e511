import { OffhookError, type Snapshot, type TenantId, type UserId } from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { askConnector } from '../connector-link/ask.ts';
import { viewCall, type Viewer } from './view.ts';

/** Milliseconds. */
const SNAPSHOT_TIMEOUT = 3_000;

/** The part of a snapshot that only the connector can say. */
export type ConnectorPart = Pick<Snapshot, 'connector' | 'line' | 'settings' | 'abilities' | 'calls'>;

/** A snapshot while the connector cannot be asked. */
const nothingKnown: Pick<Snapshot, 'abilities' | 'calls'> = { abilities: [], calls: { known: false } };

export type ConnectorQuestion = {
  bus: Bus;
  tenantId: TenantId;
  userId: UserId;
  /** Undefined where the user has no line. */
  viewer: () => Viewer | undefined;
  /** It is there, and did not answer as it should. */
  onFailed: (error: OffhookError) => void;
};

/** Ask the connector of a user's line how things are now. */
export async function connectorPart(question: ConnectorQuestion): Promise<ConnectorPart> {
  const { bus, tenantId, userId } = question;
  const connectorId = question.viewer()?.connectorId;
  if (connectorId === undefined) return { connector: 'none', ...nothingKnown };
  try {
    const { revision, line, calls, settings, abilities } = await askConnector(
      bus,
      { tenantId, connectorId },
      'user.snapshot',
      { userId },
      SNAPSHOT_TIMEOUT,
    );
    // With the names that are known now.
    const viewer = question.viewer();
    if (viewer?.connectorId !== connectorId) return { connector: 'offline', ...nothingKnown };
    return {
      connector: 'online',
      ...(line === undefined ? {} : { line }),
      ...(settings === undefined ? {} : { settings }),
      abilities,
      calls: { known: true, revision, list: calls.map((call) => viewCall(viewer, call)) },
    };
  } catch (thrown) {
    const error = OffhookError.from(thrown);
    if (error.code === 'connector_offline') return { connector: 'offline', ...nothingKnown };
    question.onFailed(error);
    return { connector: 'online', ...nothingKnown };
  }
}
