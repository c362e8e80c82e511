import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { slimZod } from './scripts/build/slim-zod.ts';
import { help } from './scripts/help/plugin.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Mantine's own floor; nothing else here asks for more. See README.md. */
const oldestBrowsers = ['chrome108', 'edge108', 'firefox101', 'safari15.4'];

const pwa = VitePWA({
  // The phone registers the worker itself and decides when a new build takes over: src/update/service-worker.ts.
  injectRegister: false,
  registerType: 'prompt',
  filename: 'sw.ts',
  manifest: {
    id: '/',
    name: 'Offhook',
    short_name: 'Offhook',
    description: 'Your office telephone in the browser.',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#f4f6f9',
    theme_color: '#2458df',
    // A number of a link opens in the dial field; nobody is called before somebody presses Call. In the fragment it reaches no log.
    protocol_handlers: ['tel', 'web+tel', 'web+offhook'].map((protocol) => ({ protocol, url: '/#dial=%s' })),
    // A link goes to the window that there is: a running call stays where it is.
    launch_handler: { client_mode: ['focus-existing', 'auto'] },
    shortcuts: [
      { name: 'Call', url: '/#dial' },
      { name: 'Recent calls', url: '/#recent' },
    ],
    categories: ['business', 'communication', 'productivity'],
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: '/icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  },
  strategies: 'injectManifest',
  srcDir: 'src/service-worker',
  injectManifest: {
    globPatterns: ['**/*.{html,js,css,svg,png,woff2,webmanifest}'],
    // The guide to print is read now and then, and with the network.
    globIgnores: ['help/**'],
    // A classic worker: older browsers know no other.
    rollupFormat: 'iife',
  },
});

export default defineConfig({
  plugins: [slimZod(), react(), help(), pwa],
  define: { APP_VERSION: JSON.stringify(version) },
  build: {
    target: oldestBrowsers,
    // What the entry imports is asked for at once, not one after the other; every browser of the list knows the link.
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      // Schemas that nobody here parses with (those of the administration, of the connector) are left out.
      treeshake: { manualPureFunctions: ['z'] },
      // One file for the start: many small ones compress worse and each costs a request.
      output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
    },
    sourcemap: true,
    chunkSizeWarningLimit: 1_100,
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8470', ws: true } } },
});
