import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './app/styles.css';
import { createPhone } from '@offhook/phone-core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { Providers } from './app/providers.tsx';
import { wakePhone } from './browser/wake.ts';
import { createBrowserPorts } from './browser/ports.ts';
import { loadPartsWhenIdle } from './app/parts.ts';
import { createI18n } from './i18n/i18n.ts';
import { createSound, wireSound } from './sound/sound.ts';
import { SoundProvider } from './sound/SoundContext.tsx';
import { keepSubscribed } from './push/subscribe.ts';
import { keepWords } from './push/words.ts';
import { browserHttp } from './browser/http.ts';
import { listenForErrands } from './links/errands.ts';
import { keepInstallOffer } from './install/offer.ts';
import { joinWindows } from './windows/leader.ts';
import { installServiceWorker } from './update/service-worker.ts';

joinWindows();
keepInstallOffer();
const sound = createSound();
const phone = createPhone(createBrowserPorts(APP_VERSION, sound.microphones));
wireSound(sound, phone);
wakePhone(phone);
listenForErrands(phone);
phone.start();
if (import.meta.env.PROD) void installServiceWorker(phone.store);
keepSubscribed(phone.store, browserHttp);

/** No `await` at the top: the words import from this very file, and would wait for it to end. */
async function draw(): Promise<void> {
  const i18n = await createI18n();
  keepWords(i18n);
  const root = document.querySelector('#root');
  if (root === null) throw new Error('index.html has no #root.');
  createRoot(root).render(
    <StrictMode>
      <Providers phone={phone} i18n={i18n}>
        <SoundProvider sound={sound}>
          <App />
        </SoundProvider>
      </Providers>
    </StrictMode>,
  );
  loadPartsWhenIdle();
}

void draw();
