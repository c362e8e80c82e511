import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** `GET /metrics` for Prometheus, on this machine alone: numbers of users, calls and failures are not the public's. */
export type MetricsServer = { url: string; close: () => Promise<void> };

/** Where it listens; a reverse proxy in front of the public port does not reach it by accident. */
export const METRICS_HOST = '127.0.0.1';

/** @param port 0: any that is free. @throws Error of `listen`, with its code and port */
export async function openMetricsServer({ registry }: Metrics, port: number): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, METRICS_HOST, listening);
  });
  return {
    url: `http://${METRICS_HOST}:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
