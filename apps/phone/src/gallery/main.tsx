import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '../app/styles.css';
import type { i18n } from 'i18next';
import { createRoot } from 'react-dom/client';
import { App } from '../app/App.tsx';
import { Providers } from '../app/providers.tsx';
import { TapToHear } from '../calls/RemoteAudios.tsx';
import { createI18n } from '../i18n/i18n.ts';
import { isLanguage } from '../i18n/languages.ts';
import { loadNumberFormat } from '../words/number-format.ts';
import { SoundProvider } from '../sound/SoundContext.tsx';
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

async function draw(): Promise<void> {
  // As the product soon after its start.
  await loadNumberFormat();
  const i18n = await createI18n(isLanguage(language) ? language : 'en');
  const root = document.querySelector('#root');
  if (root === null) return;
  const shown: Scene | undefined = isScene(name) ? scenes[name] : undefined;
  if (shown !== undefined) window.location.hash = shown.page ?? 'dial';
  createRoot(root).render(shown === undefined ? <List /> : <Shown scene={shown} i18n={i18n} />);
}

void draw();

function Shown({ scene, i18n }: { readonly scene: Scene; readonly i18n: i18n }) {
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
