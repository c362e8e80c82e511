import { Button, NativeSelect } from '@mantine/core';
import { IconHeadset, IconHeadsetOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useStore } from 'zustand';
import { usePhone } from '../app/PhoneContext.tsx';
import { isJabraPlaced } from '../headset/jabra-library.ts';
import { connectHeadset, forgetHeadset, headsetStore, type HeadsetChoice } from '../headset/headset-store.ts';
import { browserHid, headsetWays, isHeadsetWay, type HeadsetWay } from '../headset/ways.ts';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import classes from './HeadsetSetting.module.css';
import panel from './SettingsPanel.module.css';

/** The headset whose keys work for the calls: how it is reached, connect, how it is, forget. */
export function HeadsetSetting() {
  const { t } = useWords();
  const phone = usePhone();
  const { way, state } = useStore(headsetStore);
  const [chosen, choose] = useState<HeadsetWay>(way ?? 'webhid');
  const jabra = useQuery({ queryKey: ['headset', 'jabra'], queryFn: isJabraPlaced, staleTime: Infinity });
  const offered = headsetWays.filter((one) => one !== 'jabra' || jabra.data === true || one === way);
  const unsupported = chosen === 'webhid' && browserHid() === undefined;
  const ready = state.name === 'ready';
  const Icon = ready ? IconHeadset : IconHeadsetOff;
  return (
    <section aria-labelledby="headset-title" className={panel['section']}>
      <h3 id="headset-title" className={panel['heading']}>
        {t('headset.title')}
      </h3>
      <p className={panel['hint']}>{t('headset.hint')}</p>
      <NativeSelect
        className={classes['ways']}
        label={t('headset.way')}
        value={chosen}
        disabled={way !== undefined && state.name !== 'off'}
        data={offered.map((value) => ({ value, label: t(`headset.way.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          if (isHeadsetWay(value)) choose(value);
        }}
      />
      {chosen === 'hub' && <p className={panel['hint']}>{t('headset.hub.hint')}</p>}
      <div className={classes['row']}>
        <p role="status" className={classes['state']} data-tone={toneOf(state)}>
          <Icon size={18} stroke={1.7} aria-hidden />
          {unsupported ? t('headset.unsupported') : ready ? state.product : t(stateWords(state, chosen))}
        </p>
        {!ready && !unsupported && (
          <Button
            variant="default"
            loading={state.name === 'asking'}
            onClick={() => void connectHeadset(phone, chosen)}
          >
            {t('headset.connect')}
          </Button>
        )}
        {state.name !== 'off' && (
          <Button variant="subtle" onClick={() => void forgetHeadset()}>
            {t('headset.forget')}
          </Button>
        )}
      </div>
    </section>
  );
}

type Name = HeadsetChoice['state'];

function toneOf(state: Name): 'good' | 'bad' | 'plain' {
  if (state.name === 'ready') return 'good';
  return state.name === 'failed' || state.name === 'unsupported' ? 'bad' : 'plain';
}

function stateWords({ name }: Exclude<Name, { readonly name: 'ready' }>, way: HeadsetWay): WordKey {
  switch (name) {
    case 'off':
      return 'headset.off';
    case 'asking':
      return 'headset.asking';
    case 'absent':
      return way === 'hub' ? 'headset.absent.hub' : 'headset.absent';
    case 'failed':
      return way === 'jabra' ? 'headset.failed.jabra' : 'headset.failed';
    case 'elsewhere':
      return 'headset.elsewhere';
    case 'unsupported':
      return 'headset.unsupported';
  }
}
