import { Gauge, type Registry } from 'prom-client';
import type { CtiCounts } from '../platforms/csta/counts.ts';

/**
 * Numbers of the control link to the platform, read when somebody asks for them.
 *
 * @param read `undefined` where the platform has none: then they are all 0
 */
export function registerCtiMetrics(registry: Registry, read: () => CtiCounts | undefined): void {
  const gauge = (name: string, help: string, of: (counts: CtiCounts) => number): void => {
    const made: Gauge = new Gauge({
      name: `offhook_connector_cti_${name}`,
      help,
      registers: [registry],
      collect: () => {
        const counts = read();
        made.set(counts === undefined ? 0 : of(counts));
      },
    });
  };
  gauge('up', 'Whether the control link to the platform is up', ({ up }) => Number(up));
  gauge('ups_total', 'Times that it came up', ({ ups }) => ups);
  gauge('requests_total', 'Requests to the platform', ({ requests }) => requests);
  gauge('refused_total', 'Requests that it refused', ({ refused }) => refused);
  gauge('timeouts_total', 'Requests that it did not answer in time', ({ timeouts }) => timeouts);
  gauge('lost_total', 'Requests that went with the link, or were not sent', ({ lost }) => lost);
  gauge('devices', 'Devices of the configured lines', ({ devices }) => devices);
  gauge('devices_watched', 'Devices whose monitor runs', ({ watched }) => watched);
  gauge('devices_unknown', 'Devices that the platform does not know', ({ unknown }) => unknown);
  gauge('calls', 'Calls that the platform shows at these devices', ({ calls }) => calls);
  gauge('events_total', 'Events of the platform', ({ events }) => events);
  gauge('stray_events_total', 'Events of monitors that are not ours', ({ strayEvents }) => strayEvents);
  gauge('snapshots_total', 'Devices that were looked at', ({ snapshots }) => snapshots);
  gauge('doubts_total', 'Times that an event did not fit what was known', ({ doubts }) => doubts);
}
