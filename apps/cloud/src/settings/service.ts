import {
  OffhookError,
  type ConnectorId,
  type LineSettings,
  type SettingsChange,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import type { Metrics } from '../operations/metrics.ts';
import { askConnector } from '../connector-link/ask.ts';
import { createSerial } from '../serial.ts';
import { changedNames } from './kept.ts';
import type { SettingsStore } from './store.ts';

export type SettingsService = {
  /**
   * Change telephone settings of a user. The connector changes them at the platform and says what holds then; what it
   * accepted is kept for its next configuration.
   * @throws OffhookError `no_line`, `connector_offline`, what the connector answered; `unavailable` where the change
   * holds but could not be kept: asked again, it will be
   */
  change: (
    user: { tenantId: TenantId; userId: UserId },
    connectorId: ConnectorId | undefined,
    change: SettingsChange,
  ) => Promise<LineSettings>;
};

export type SettingsDependencies = {
  bus: Bus;
  store: SettingsStore;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
};

export function createSettingsService({ bus, store, metrics, log }: SettingsDependencies): SettingsService {
  // One change of a user after the other: what is kept is then what the connector was told last.
  const serial = createSerial();

  return {
    change: async ({ tenantId, userId }, connectorId, change) => {
      if (connectorId === undefined) throw new OffhookError('no_line');
      const fields = { tenantId, userId, connectorId, settings: changedNames(change) };
      try {
        const settings = await serial(`${tenantId} ${userId}`, async () => {
          const to = { tenantId, connectorId };
          const answer = await askConnector(bus, to, 'settings.set', { userId, change });
          await store.keep(tenantId, userId, change);
          return answer.settings;
        });
        metrics.settingsChanges.inc({ outcome: 'ok' });
        log.info(fields, 'settings changed');
        return settings;
      } catch (error) {
        const { code } = OffhookError.from(error);
        metrics.settingsChanges.inc({ outcome: code });
        log.info({ ...fields, code }, 'settings not changed');
        throw error;
      }
    },
  };
}
