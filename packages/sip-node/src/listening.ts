import type { Server, Socket } from 'node:net';
import type { Door, Listening } from './channel.ts';
import { plainAddress, type Place } from './transport.ts';

/**
 * Makes a TCP, TLS or HTTP server listen, with hold of every raw socket, so that closing it ends those that are still in
 * a handshake too. Sockets that the door does not admit are ended before anything is read.
 */
export async function listenOn(server: Server, place: Place, door: Door): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.prependListener('connection', (socket: Socket) => {
    const leave = door.enter(plainAddress(socket.remoteAddress ?? ''));
    if (leave === undefined) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      leave();
    });
    // Until its connection listens for errors, one must not end the process.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen({ host: place.address, port: place.port, exclusive: true }, () => {
      server.off('error', failed);
      listening();
    });
  });
  // What goes wrong with one connection while it is accepted (EMFILE, …) costs that connection only.
  server.on('error', () => undefined);
  const bound = server.address();
  return {
    local: typeof bound === 'object' && bound !== null ? bound : place,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Where an accepted socket comes from; `undefined` when it is gone already. */
export function remoteOf(socket: Socket): Place | undefined {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined || remotePort === undefined
    ? undefined
    : { address: remoteAddress, port: remotePort };
}
