import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './app/styles.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { browserHttp } from './api/http.ts';
import { Providers } from './app/providers.tsx';
import { openRouter } from './app/router.tsx';
import { createI18n } from './i18n/i18n.ts';
import { browserStream } from './live/browser-stream.ts';

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root.');
const router = openRouter();
const i18n = await createI18n();
createRoot(root).render(
  <StrictMode>
    <Providers http={browserHttp} openStream={browserStream} i18n={i18n}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
