import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import { cssVariables } from '@offhook/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { useMemo, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ApiProvider } from '../api/ApiContext.tsx';
import { createApi } from '../api/api.ts';
import type { Http } from '../api/http.ts';
import { LiveStreamContext } from '../live/LiveUpdates.tsx';
import type { OpenStream } from '../live/live.ts';
import { ToastProvider } from '../shared/Toasts.tsx';
import { adminTheme } from './theme.ts';
import { createReauthenticationDesk } from './reauthentication.ts';
import { ReauthenticationContext } from './Reauthentication.tsx';
import { nobody, sessionKey } from './session.ts';

/** The phone's own key; also read by `public/boot.js`, before the first paint. */
const COLOR_SCHEME_KEY = 'offhook.colorScheme';
const colorSchemes = localStorageColorSchemeManager({ key: COLOR_SCHEME_KEY });

export interface ProvidersProps {
  readonly http: Http;
  /** Opens the service's stream of events. */
  readonly openStream: OpenStream;
  readonly i18n: i18n;
  readonly children: ReactNode;
  /** For pictures of one scheme. */
  readonly forceColorScheme?: 'light' | 'dark';
}

export function Providers({ http, openStream, i18n, children, forceColorScheme }: ProvidersProps) {
  const { queries, api, desk } = useMemo(() => {
    const queries = openQueries();
    const desk = createReauthenticationDesk();
    const api = createApi({
      http,
      onSignedOut: () => queries.setQueryData(sessionKey, nobody),
      reauthenticate: () => desk.ask(),
    });
    return { queries, api, desk };
  }, [http]);
  return (
    <MantineProvider
      theme={adminTheme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      {...(forceColorScheme === undefined ? {} : { forceColorScheme })}
    >
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={queries}>
          <ApiProvider api={api}>
            <ReauthenticationContext value={desk}>
              <LiveStreamContext value={openStream}>
                <ToastProvider>{children}</ToastProvider>
              </LiveStreamContext>
            </ReauthenticationContext>
          </ApiProvider>
        </QueryClientProvider>
      </I18nextProvider>
    </MantineProvider>
  );
}

/** Only what may pass by itself is asked for again. */
function openQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, thrown) => failures < 1 && OffhookError.from(thrown).code === 'unavailable',
        retryDelay: 600,
        staleTime: 5_000,
      },
    },
  });
}
