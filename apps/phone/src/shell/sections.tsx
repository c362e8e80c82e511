import {
  IconAddressBook,
  IconHelp,
  IconHistory,
  IconSettings,
  IconStethoscope,
  IconUsers,
} from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import type { WordKey } from '../i18n/words.ts';
import type { SectionName } from './section-names.ts';
import type { SectionProps } from './section-props.ts';

export interface Section {
  readonly label: WordKey;
  readonly icon: ReactNode;
  /** The id of the heading inside, which names the section. */
  readonly heading: string;
  /** Loaded when somebody opens it: a default export. */
  readonly Content: LazyExoticComponent<ComponentType<SectionProps>>;
  /**
   * `tab`: among the tabs at every width. `narrow`: a tab where the window is narrow; on a wide one a button of the header opens it.
   * `menu`: opened from the account menu or from what speaks of it.
   */
  readonly place: 'tab' | 'narrow' | 'menu';
}

export const sections: Readonly<Record<SectionName, Section>> = {
  team: {
    label: 'team.title',
    icon: <IconUsers size={22} stroke={1.7} />,
    heading: 'team-title',
    Content: lazy(() => import('../team/TeamPanel.tsx')),
    place: 'tab',
  },
  contacts: {
    label: 'contacts.title',
    icon: <IconAddressBook size={22} stroke={1.7} />,
    heading: 'contacts-title',
    Content: lazy(() => import('../contacts/ContactsPanel.tsx')),
    place: 'tab',
  },
  recent: {
    label: 'history.title',
    icon: <IconHistory size={22} stroke={1.7} />,
    heading: 'recent-title',
    Content: lazy(() => import('../history/HistoryPanel.tsx')),
    place: 'tab',
  },
  settings: {
    label: 'settings.tab',
    icon: <IconSettings size={22} stroke={1.7} />,
    heading: 'settings-title',
    Content: lazy(() => import('../settings/SettingsPanel.tsx')),
    place: 'narrow',
  },
  check: {
    label: 'check.title',
    icon: <IconStethoscope size={22} stroke={1.7} />,
    heading: 'check-title',
    Content: lazy(() => import('../check/CheckPanel.tsx')),
    place: 'menu',
  },
  help: {
    label: 'help.title',
    icon: <IconHelp size={22} stroke={1.7} />,
    heading: 'help-title',
    Content: lazy(() => import('../help/HelpPanel.tsx')),
    place: 'menu',
  },
};
