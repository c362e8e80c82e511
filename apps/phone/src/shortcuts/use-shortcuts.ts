import { useHotkeys, type HotkeyItem } from '@mantine/hooks';
import { focusSearchField } from '../dial/search-field.ts';
import { shortcutKeys, shortcutNames, shortcutServices, type ShortcutName } from './shortcuts.ts';

/** A shortcut presses the button that is on the screen: what is not permitted has none, and nothing happens. */
export function useShortcuts(): void {
  const items = shortcutNames.map((name): HotkeyItem => [
    `alt+shift+${shortcutKeys[name]}`,
    (event) => {
      if (!event.repeat) run(name);
    },
    { usePhysicalKeys: true },
  ]);
  useHotkeys(items, []);
}

function run(name: ShortcutName): void {
  if (name === 'dial') {
    focusSearchField();
    return;
  }
  const selectors =
    name === 'voicemail'
      ? ['[data-voicemail]']
      : (shortcutServices[name] ?? []).map((service) => `button[data-service="${service}"]`);
  for (const selector of selectors) {
    const button = document.querySelector<HTMLElement>(selector);
    if (button !== null) {
      button.focus();
      button.click();
      return;
    }
  }
}
