import { until } from './until.ts';

/** Waits until the connector has fetched its lines and the PBX has taken the registration of each. */
export async function expectLinesRegistered(connectorUrl: string): Promise<void> {
  const look = async () => {
    const response = await fetch(new URL('/metrics', connectorUrl));
    const text = await response.text();
    return { lines: gauge(text, 'lines'), registered: gauge(text, 'lines_registered') };
  };
  await until(
    'all lines to be registered',
    look,
    ({ lines, registered }) => lines > 0 && registered === lines,
  );
}

/** How often the connector has been welcomed by a cloud since it began. */
export async function linkConnects(connectorUrl: string): Promise<number> {
  const response = await fetch(new URL('/metrics', connectorUrl));
  return gauge(await response.text(), 'link_connects_total');
}

function gauge(metrics: string, name: string): number {
  return Number(new RegExp(`^offhook_connector_${name} (\\d+)$`, 'mu').exec(metrics)?.[1] ?? 0);
}
