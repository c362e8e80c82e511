import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface StatusServer {
  /** `http://address:port`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `GET /healthz`: this process works. `GET /readyz`: it also reaches the cloud and has its configuration (503 else).
 * `GET /metrics`: Prometheus. Rejects where the port is taken.
 */
export async function serveStatus(options: {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  /** Empty when ready; else what is missing. */
  readonly missing: () => readonly string[];
}): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', 'GET only\n');
    else if (path === '/healthz') answer(200, 'text/plain', 'ok\n');
    else if (path === '/readyz') {
      const missing = options.missing();
      if (missing.length === 0) answer(200, 'text/plain', 'ready\n');
      else answer(503, 'text/plain', `${missing.join('\n')}\n`);
    } else if (path === '/metrics') {
      void metricsOf(options.registry).then(({ status, type, text }) => answer(status, type, text));
    } else answer(404, 'text/plain', 'not found\n');
  });
  await listen(server, options.host, options.port);
  const { address, port } = server.address() as AddressInfo;
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    url: `http://${host}:${String(port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function metricsOf(registry: Registry): Promise<{ status: number; type: string; text: string }> {
  try {
    return { status: 200, type: registry.contentType, text: await registry.metrics() };
  } catch {
    return { status: 500, type: 'text/plain', text: 'metrics failed\n' };
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
