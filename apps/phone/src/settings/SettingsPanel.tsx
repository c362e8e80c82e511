import { Title } from '@mantine/core';
import { canDo, withChange, type SettingsState } from '@offhook/phone-core';
import { Blank } from '@offhook/ui';
import { IconSettingsOff } from '@tabler/icons-react';
import type { LineSettings } from '@offhook/contract';
import type { ReactNode } from 'react';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { AsApp } from '../install/AsApp.tsx';
import type { SectionProps } from '../shell/section-props.ts';
import { NotificationSwitch } from '../shell/AccountPopover.tsx';
import { ShortcutList } from '../shortcuts/ShortcutList.tsx';
import { Account } from './Account.tsx';
import { AlternativeNumber } from './AlternativeNumber.tsx';
import { Appearance } from './Appearance.tsx';
import { ChoiceSetting } from './ChoiceSetting.tsx';
import { DoNotDisturb } from './DoNotDisturb.tsx';
import { ForwardingSetting } from './ForwardingSetting.tsx';
import { Groups, type GroupName } from './Groups.tsx';
import { HeadsetSetting } from './HeadsetSetting.tsx';
import { SettingStatus } from './SettingStatus.tsx';
import classes from './SettingsPanel.module.css';
import { SoundSettings } from './sound/SoundSettings.tsx';

/** The telephone settings as the platform has them, and everything that is of this person at this device. */
export default function SettingsPanel({ me }: SectionProps) {
  const { t } = useWords();
  const contents: Readonly<Record<GroupName, ReactNode>> = {
    telephone: <TelephoneGroup />,
    sound: (
      <>
        <SoundSettings />
        <HeadsetSetting />
      </>
    ),
    notifications: <NotificationSwitch />,
    shortcuts: (
      <>
        <p className={classes['hint']}>{t('shortcuts.hint')}</p>
        <ShortcutList />
      </>
    ),
    app: <AsApp />,
    appearance: <Appearance />,
    account: <Account me={me} />,
  };
  return (
    <div className={classes['panel']}>
      <Title order={2} id="settings-title" className={classes['title'] ?? ''}>
        {t('settings.title')}
      </Title>
      <Groups contents={contents} />
    </div>
  );
}

function TelephoneGroup() {
  const { t } = useWords();
  const shown = useShownSettings();
  const offered = usePhoneState((state) => state.connector !== 'online' || canDo(state, 'settings'));
  const busy = usePhoneState((state) => state.settings.pending !== undefined);
  return (
    <div className={classes['telephone']} aria-busy={busy}>
      {shown === undefined ? (
        <Blank
          icon={<IconSettingsOff size={36} stroke={1.5} />}
          title={t(offered ? 'settings.unknown' : 'settings.none')}
          {...(offered ? { hint: t('settings.unknown.hint') } : {})}
        />
      ) : (
        <Telephone settings={shown} />
      )}
    </div>
  );
}

/** What the platform says, with the change that is under way. */
function useShownSettings(): LineSettings | undefined {
  const { held, pending }: SettingsState = usePhoneState((state) => state.settings);
  return held === undefined || pending === undefined ? held : withChange(held, pending);
}

const whens = ['immediate', 'busy', 'noAnswer'] as const;
const routings = ['all', 'desk_only', 'alternative_only'] as const;
const busyBehaviours = ['second_call', 'busy', 'alternative', 'voicemail'] as const;

function Telephone({ settings }: { readonly settings: LineSettings }) {
  const { t } = useWords();
  return (
    <>
      <section className={classes['section']}>
        <DoNotDisturb settings={settings} />
      </section>
      <section aria-labelledby="forwarding-title" className={classes['section']}>
        <h3 id="forwarding-title" className={classes['heading']}>
          {t('settings.forwarding')}
        </h3>
        {whens.map((when) => (
          <ForwardingSetting key={when} when={when} settings={settings} />
        ))}
      </section>
      <section aria-labelledby="alternative-title" className={classes['section']}>
        <h3 id="alternative-title" className={classes['heading']}>
          {t('settings.alternative')}
        </h3>
        <p className={classes['hint']}>{t('settings.alternative.hint')}</p>
        <AlternativeNumber key={settings.alternativeNumber} settings={settings} />
        <SettingStatus name="alternativeNumber" settings={settings} />
      </section>
      <ChoiceSetting
        name="routing"
        title={t('settings.routing')}
        value={settings.routing}
        settings={settings}
        options={routings.map((value) => ({
          value,
          label: t(`settings.routing.${value}`),
          hint: value === 'all' ? t('settings.routing.all.hint') : undefined,
          change: { routing: value },
        }))}
      />
      <ChoiceSetting
        name="busyBehaviour"
        title={t('settings.busyBehaviour')}
        value={settings.busyBehaviour}
        settings={settings}
        options={busyBehaviours.map((value) => ({
          value,
          label: t(`settings.busyBehaviour.${value}`),
          hint: undefined,
          change: { busyBehaviour: value },
        }))}
      />
    </>
  );
}
