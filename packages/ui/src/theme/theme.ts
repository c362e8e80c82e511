import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { amber, cobalt, dark, gray, leaf, signal } from './colors.ts';

export const theme = createTheme({
  primaryColor: 'cobalt',
  primaryShade: { light: 6, dark: 6 },
  colors: { cobalt, leaf, signal, amber, gray, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'md',
  radius: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // By name, not with `extend`: a component that a page does not use stays out of its bundle.
    Button: { defaultProps: { radius: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Input: { defaultProps: { size: 'md' } },
  },
});

/**
 * The product's own tokens beside Mantine's: surfaces, lines and the colours of meaning, each for both schemes.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-text': gray[9],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-default-border': gray[3],
    '--offhook-page': '#f4f6f9',
    '--offhook-surface': '#ffffff',
    '--offhook-surface-raised': '#ffffff',
    '--offhook-sunken': gray[1],
    '--offhook-hover': gray[1],
    '--offhook-line': gray[2],
    '--offhook-accent-text': cobalt[7],
    '--offhook-accent-tint': cobalt[0],
    '--offhook-good-text': leaf[7],
    '--offhook-good-tint': leaf[0],
    '--offhook-bad-text': signal[7],
    '--offhook-bad-tint': signal[0],
    '--offhook-wait-text': amber[7],
    '--offhook-wait-tint': amber[0],
    '--offhook-shadow': '0 1px 2px rgb(25 30 40 / 4%), 0 6px 24px rgb(25 30 40 / 5%)',
    '--offhook-shadow-raised': '0 2px 6px rgb(25 30 40 / 8%), 0 16px 48px rgb(25 30 40 / 14%)',
  },
  dark: {
    '--mantine-color-body': dark[7],
    '--mantine-color-text': dark[0],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-default-border': dark[5],
    '--offhook-page': dark[9],
    '--offhook-surface': dark[8],
    '--offhook-surface-raised': dark[7],
    '--offhook-sunken': dark[7],
    '--offhook-hover': dark[6],
    '--offhook-line': dark[6],
    '--offhook-accent-text': cobalt[3],
    '--offhook-accent-tint': '#16213d',
    '--offhook-good-text': leaf[3],
    '--offhook-good-tint': '#0f2a20',
    '--offhook-bad-text': signal[3],
    '--offhook-bad-tint': '#331817',
    '--offhook-wait-text': amber[3],
    '--offhook-wait-tint': '#2e2310',
    '--offhook-shadow': '0 1px 2px rgb(0 0 0 / 30%)',
    '--offhook-shadow-raised': '0 2px 6px rgb(0 0 0 / 40%), 0 16px 48px rgb(0 0 0 / 50%)',
  },
});
