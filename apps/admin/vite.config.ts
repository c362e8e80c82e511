import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** As the phone's: Mantine's own floor. */
const oldestBrowsers = ['chrome108', 'edge108', 'firefox101', 'safari15.4'];

/** In development, too, pages of the own account are answered by this application, as the cloud does. */
const accountPages: Plugin = {
  name: 'offhook-account-pages',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      if (request.url?.startsWith('/account') === true) request.url = `/admin${request.url}`;
      next();
    });
  },
};

export default defineConfig({
  base: '/admin/',
  plugins: [react(), accountPages],
  build: { target: oldestBrowsers, sourcemap: true, chunkSizeWarningLimit: 900, assetsInlineLimit: 0 },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8470', ws: true } } },
});
