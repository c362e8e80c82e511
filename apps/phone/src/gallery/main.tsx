import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '../app/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from '../app/App.tsx';
import { Providers } from '../app/providers.tsx';
import { TapToHear } from '../calls/RemoteAudios.tsx';
import { createI18n } from '../i18n/i18n.ts';
import { isLanguage } from '../i18n/languages.ts';
import { SoundProvider } from '../sound/SoundContext.tsx';
import { openPage } from '../shell/use-page.ts';
import { fakePhone } from './fake-phone.ts';
import { fakeSound } from './fake-sound.ts';
import type { Scene } from './scene.ts';
import { plugIn } from './plugged-headset.ts';
import { isScene, scenes } from './scenes.ts';

/** `gallery.html?scene=connected&scheme=dark&language=de`; without a scene, the list of them. Not in the build. */
const query = new URLSearchParams(window.location.search);
const name = query.get('scene') ?? '';
const scheme = query.get('scheme') === 'dark' ? 'dark' : 'light';
const language = query.get('language') ?? 'en';

// `&headset`: a headset of ours is plugged in at `navigator.hid`, and at hand as `window.headset`.
if (query.has('headset')) plugIn();

const i18n = await createI18n(isLanguage(language) ? language : 'en');
if (isScene(name)) openScene(scenes[name]);
const root = document.querySelector('#root');
if (root !== null) createRoot(root).render(isScene(name) ? <Shown scene={scenes[name]} /> : <List />);

function openScene({ page }: Scene): void {
  if (page !== undefined) openPage(page);
}

function Shown({ scene }: { readonly scene: Scene }) {
  return (
    <Providers phone={fakePhone(scene)} i18n={i18n} forceColorScheme={scheme}>
      <SoundProvider sound={fakeSound(scene.sound)}>
        <App />
      </SoundProvider>
      {scene.silent === true ? <TapToHear onTap={() => undefined} /> : null}
    </Providers>
  );
}

function List() {
  return (
    <ul>
      {Object.keys(scenes).map((scene) => (
        <li key={scene}>
          {scene}: <a href={`?scene=${scene}`}>light</a> <a href={`?scene=${scene}&scheme=dark`}>dark</a>
        </li>
      ))}
    </ul>
  );
}
