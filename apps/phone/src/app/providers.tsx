import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import type { Phone } from '@offhook/phone-core';
import { cssVariables, theme } from '@offhook/ui';
import type { i18n } from 'i18next';
import type { ReactNode } from 'react';
import { WordsContext } from '../i18n/use-words.ts';
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
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      {...(forceColorScheme === undefined ? {} : { forceColorScheme })}
    >
      <WordsContext value={i18n}>
        <PhoneProvider phone={phone}>{children}</PhoneProvider>
      </WordsContext>
    </MantineProvider>
  );
}
