import { openCstaLink } from '@offhook/csta-node';
import type { OpenLink } from './link.ts';

/** How the connector is named at platforms. */
const APPLICATION = 'Offhook';

/**
 * Control links over TCP or TLS.
 *
 * @param ca PEM: who has signed the certificates of the platform's TLS; the system's CAs without it
 */
export const nodeLinks =
  (ca: string | undefined): OpenLink =>
  (options) => {
    const { host, port, transport, user, password, onStatus, onEvent, onNote } = options;
    return openCstaLink({
      host,
      port,
      ...(transport === 'tls' ? { tls: ca === undefined ? {} : { ca: [ca] } } : {}),
      client: {
        applicationId: APPLICATION,
        credentials: {
          ...(user === undefined ? {} : { user }),
          ...(password === undefined ? {} : { password }),
        },
      },
      onStatus,
      onEvent,
      onNote: ({ code, text }) => {
        onNote(code, text);
      },
    });
  };
