import type { Me } from '@offhook/contract';
import { isActiveHere } from '@offhook/phone-core';
import { IconHistory, IconPhone, IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { CallStage } from '../calls/CallStage.tsx';
import { DialPanel } from '../dial/DialPanel.tsx';
import { HistoryPanel } from '../history/HistoryPanel.tsx';
import { SettingsPanel } from '../settings/SettingsPanel.tsx';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { Header } from './Header.tsx';
import { NotificationHint } from './NotificationHint.tsx';
import { Notices } from './Notices.tsx';
import classes from './PhonePage.module.css';

type Tab = 'dial' | 'recent' | 'settings';

/**
 * Dial on the left, calls and history or settings on the right; on a narrow screen one below the other, with three tabs.
 */
export function PhonePage({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const [tab, setTab] = useState<Tab>('dial');
  useShortcuts();
  const busyHere = usePhoneState(
    (state) =>
      state.calls.some(isActiveHere) || state.attempts.some((attempt) => attempt.phase.name !== 'failed'),
  );
  const calls = usePhoneState((state) => state.calls.some((call) => call.state.name !== 'ended'));
  return (
    <div className={classes['page']}>
      <Header
        me={me}
        settingsOpen={tab === 'settings'}
        onSettings={() => setTab(tab === 'settings' ? 'dial' : 'settings')}
      />
      <Notices />
      <main className={classes['main']} data-tab={tab} data-calls={calls || undefined}>
        <div className={classes['stage']}>
          <CallStage />
        </div>
        <div className={classes['side']}>
          <section className={classes['dial']} aria-label={t('dial.title')}>
            <DialPanel withPad={!busyHere} />
          </section>
          <NotificationHint />
        </div>
        {tab === 'settings' ? (
          <section className={classes['recent']} aria-labelledby="settings-title">
            <SettingsPanel />
          </section>
        ) : (
          <section className={classes['recent']} aria-labelledby="recent-title">
            <HistoryPanel userId={me.userId} />
          </section>
        )}
      </main>
      <nav className={classes['tabs']}>
        <TabButton
          tab="dial"
          current={tab}
          onSelect={setTab}
          label={t('dial.title')}
          icon={<IconPhone size={22} stroke={1.7} />}
        />
        <TabButton
          tab="recent"
          current={tab}
          onSelect={setTab}
          label={t('history.title')}
          icon={<IconHistory size={22} stroke={1.7} />}
        />
        <TabButton
          tab="settings"
          current={tab}
          onSelect={setTab}
          label={t('settings.tab')}
          icon={<IconSettings size={22} stroke={1.7} />}
        />
      </nav>
    </div>
  );
}

interface TabButtonProps {
  readonly tab: Tab;
  readonly current: Tab;
  readonly label: string;
  readonly icon: React.ReactNode;
  readonly onSelect: (tab: Tab) => void;
}

function TabButton({ tab, current, label, icon, onSelect }: TabButtonProps) {
  return (
    <button
      type="button"
      className={classes['tab']}
      aria-current={tab === current ? 'page' : undefined}
      onClick={() => onSelect(tab)}
    >
      {icon}
      {label}
    </button>
  );
}
