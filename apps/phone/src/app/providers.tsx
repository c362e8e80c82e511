import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import type { Phone } from '@offhook/phone-core';
import { cssVariables, theme } from '@offhook/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { PhoneProvider } from './PhoneContext.tsx';

/** Also read by `public/boot.js`, before the first paint. */
const COLOR_SCHEME_KEY = 'offhook.colorScheme';

const colorSchemes = localStorageColorSchemeManager({ key: COLOR_SCHEME_KEY });

export interface ProvidersProps {
  readonly phone: Phone;
  readonly i18n: i18n;
  readonly children: ReactNode;
  /** For pictures of one scheme. */
  readonly forceColorScheme?: 'light' | 'dark';
}

export function Providers({ phone, i18n, children, forceColorScheme }: ProvidersProps) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 400 } } }),
  );
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      {...(forceColorScheme === undefined ? {} : { forceColorScheme })}
    >
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={queries}>
          <PhoneProvider phone={phone}>{children}</PhoneProvider>
        </QueryClientProvider>
      </I18nextProvider>
    </MantineProvider>
  );
}
