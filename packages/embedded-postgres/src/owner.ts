import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/**
 * One process at a time owns an open cluster. The owner listens on a Unix socket beside PostgreSQL's: while
 * it lives a connection succeeds; when it is gone, however it went, the connection is refused.
 */
const pathIn = (socketDir: string) => join(socketDir, 'owner');

export async function hasOwner(socketDir: string): Promise<boolean> {
  return canConnect(pathIn(socketDir));
}

export async function becomeOwner(socketDir: string): Promise<Server> {
  await rm(pathIn(socketDir), { force: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(pathIn(socketDir), done);
  });
  server.unref();
  return server;
}

export function canConnect(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
