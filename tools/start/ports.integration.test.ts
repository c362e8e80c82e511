import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findTakenPorts } from './ports.ts';

/** Gives the port that it took. */
const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

describe('ports', () => {
  it('[start-port-taken] names the port and the variable that sets it', async () => {
    const server = createServer();
    const port = await listen(server);
    const free = { cloud: 0, pbxSip: 0, pbxHttp: 0, pbxCsta: 0, mediaUdp: 0, connectorHttp: 0 };
    const look = (ports: Partial<typeof free>) =>
      findTakenPorts({ ports: { ...free, ...ports }, host: '127.0.0.1', pbxAddress: '127.0.0.1' });
    expect(await look({})).toEqual([]);
    expect(await look({ pbxHttp: port })).toEqual([
      expect.stringMatching(new RegExp(`^Port ${port} .* is taken .*OFFHOOK_PBX_HTTP_PORT`, 'u')),
    ]);
    server.close();
  });
});
