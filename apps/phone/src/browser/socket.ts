import { CLIENT_SOCKET_PATH } from '@offhook/contract';
import type { OpenSocket } from '@offhook/phone-core';

export const openBrowserSocket: OpenSocket = (handlers) => {
  const url = new URL(CLIENT_SOCKET_PATH, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  const listeners = new AbortController();
  const { signal } = listeners;
  socket.addEventListener('open', () => handlers.onOpen(), { signal });
  socket.addEventListener(
    'message',
    (event: MessageEvent<unknown>) => handlers.onText(typeof event.data === 'string' ? event.data : ''),
    { signal },
  );
  socket.addEventListener('close', (event) => handlers.onClose(event.code, event.reason), { signal });
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code, reason) {
      listeners.abort();
      socket.close(code, reason);
    },
  };
};
