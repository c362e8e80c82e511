import { openCstaLink } from '@offhook/csta-node';
import type { OpenLink } from './link.ts';

/** How the connector is named at platforms. */
const APPLICATION = 'Offhook';

/** The control link over TCP or TLS. */
export const openNodeLink: OpenLink = (options) => {
  const { host, port, transport, user, password, onStatus, onEvent, onNote } = options;
  return openCstaLink({
    host,
    port,
    ...(transport === 'tls' ? { tls: {} } : {}),
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
