import type { Me } from '@offhook/contract';
import { isActiveHere } from '@offhook/phone-core';
import { IconPhone } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { readPreference, writePreference } from '../app/preferences.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { CallStage } from '../calls/CallStage.tsx';
import { DialPanel } from '../dial/DialPanel.tsx';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { Header } from './Header.tsx';
import { NotificationHint } from './NotificationHint.tsx';
import { Notices } from './Notices.tsx';
import classes from './PhonePage.module.css';
import { SectionPane } from './SectionPane.tsx';
import { sectionNames, type Page, type SectionName } from './section-names.ts';
import { sections } from './sections.tsx';
import { openPage, usePage } from './use-page.ts';

/** What the pane shows beside the dial field where nothing was ever chosen on this device. */
const FIRST: SectionName = 'recent';
const LAST_TAB = 'offhook.lastTab';

const tabs = sectionNames.filter((name) => sections[name].place === 'tab');

/**
 * Dial on the left, calls and a section on the right; on a narrow screen one below the other, with a tab for each.
 */
export function PhonePage({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const page = usePage();
  useShortcuts();
  const busyHere = usePhoneState(
    (state) =>
      state.calls.some(isActiveHere) || state.attempts.some((attempt) => attempt.phase.name !== 'failed'),
  );
  const calls = usePhoneState((state) => state.calls.some((call) => call.state.name !== 'ended'));
  const [lastTab, setLastTab] = useState(
    () => tabs.find((name) => name === readPreference(LAST_TAB)) ?? FIRST,
  );
  const section = page === 'dial' ? lastTab : page;
  const openTab = (name: Page): void => {
    const tab = tabs.find((one) => one === name);
    if (tab !== undefined) {
      setLastTab(tab);
      writePreference(LAST_TAB, tab);
    }
    openPage(name);
  };
  return (
    <div className={classes['page']}>
      <Header
        me={me}
        settingsOpen={page === 'settings'}
        onSettings={() => openPage(page === 'settings' ? 'dial' : 'settings')}
      />
      <Notices />
      <main className={classes['main']} data-page={page} data-calls={calls || undefined}>
        <div className={classes['stage']}>
          <CallStage />
        </div>
        <div className={classes['side']}>
          <section className={classes['dial']} aria-label={t('dial.title')}>
            <DialPanel withPad={!busyHere} />
          </section>
          <NotificationHint />
        </div>
        <section
          className={classes['pane']}
          data-place={sections[section].place}
          aria-labelledby={sections[section].heading}
        >
          <nav className={classes['heads']} aria-label={t('app.sections')}>
            {tabs.map((name) => (
              <button
                key={name}
                type="button"
                className={classes['head']}
                aria-current={name === section ? 'page' : undefined}
                onClick={() => openTab(name)}
              >
                {t(sections[name].label)}
              </button>
            ))}
          </nav>
          <SectionPane name={section} me={me} />
        </section>
      </main>
      <nav className={classes['tabs']} aria-label={t('app.sections')}>
        <TabButton
          page="dial"
          current={page}
          label={t('dial.title')}
          icon={<IconPhone size={22} stroke={1.7} />}
          onOpen={openTab}
        />
        {sectionNames
          .filter((name) => sections[name].place !== 'menu')
          .map((name) => (
            <TabButton
              key={name}
              page={name}
              current={page}
              place={sections[name].place}
              label={t(sections[name].label)}
              icon={sections[name].icon}
              onOpen={openTab}
            />
          ))}
      </nav>
    </div>
  );
}

interface TabButtonProps {
  readonly page: Page;
  readonly current: Page;
  readonly label: string;
  readonly icon: ReactNode;
  readonly place?: string;
  readonly onOpen: (page: Page) => void;
}

function TabButton({ page, current, label, icon, place, onOpen }: TabButtonProps) {
  return (
    <button
      type="button"
      className={classes['tab']}
      data-place={place}
      aria-current={page === current ? 'page' : undefined}
      onClick={() => onOpen(page)}
    >
      {icon}
      {label}
    </button>
  );
}
