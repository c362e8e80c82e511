import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '../app/styles.css';
import { Language } from '@offhook/contract';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
  type AnyRouter,
} from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { PasskeysContext } from '../account/passkeys-context.ts';
import { Providers } from '../app/providers.tsx';
import { openRouter } from '../app/router.tsx';
import { createI18n } from '../i18n/i18n.ts';
import { fakePasskeys } from './fake-passkeys.ts';
import { fakeStream } from './fake-stream.ts';
import { fakeHttp } from './fake-http.ts';
import type { Scene } from './scene.ts';
import { isScene, scenes } from './scenes.ts';

/** `gallery.html?scene=users&scheme=dark&language=de`; without a scene, the list of them. Not in the build. */
const query = new URLSearchParams(window.location.search);
const name = query.get('scene') ?? '';
const scheme = query.get('scheme') === 'dark' ? 'dark' : 'light';
const language = Language.safeParse(query.get('language'));

const root = document.querySelector('#root');
const i18n = await createI18n(language.success ? language.data : 'en');
if (root !== null) createRoot(root).render(isScene(name) ? <Shown scene={scenes[name]} /> : <List />);

function Shown({ scene }: { readonly scene: Scene }) {
  return (
    <Providers
      http={fakeHttp(scene.answers)}
      openStream={fakeStream(scene.stream)}
      i18n={i18n}
      forceColorScheme={scheme}
    >
      <PasskeysContext value={fakePasskeys}>
        <RouterProvider router={routerOf(scene)} />
      </PasskeysContext>
    </Providers>
  );
}

function routerOf({ path, element }: Scene): AnyRouter {
  const history = createMemoryHistory({ initialEntries: [path] });
  if (element === undefined) return openRouter(history);
  return createRouter({ routeTree: createRootRoute({ component: () => element }), history });
}

function List() {
  return (
    <ul>
      {Object.keys(scenes).map((scene) => (
        <li key={scene} data-scene={scene}>
          {scene}: <a href={`?scene=${scene}`}>light</a> <a href={`?scene=${scene}&scheme=dark`}>dark</a>
        </li>
      ))}
    </ul>
  );
}
