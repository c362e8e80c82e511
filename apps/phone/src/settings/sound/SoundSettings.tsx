import { Button, Slider, Switch } from '@mantine/core';
import { useWords } from '../../i18n/use-words.ts';
import { processings, ringTones } from '../../sound/preferences.ts';
import { useDevicesState, useSound, useSoundPreferences } from '../../sound/SoundContext.tsx';
import { ChoiceOfDevice } from './ChoiceOfDevice.tsx';
import { MicrophoneTest } from './MicrophoneTest.tsx';
import { Named, NamedSelect } from './Named.tsx';
import classes from './SoundSettings.module.css';
import { TryTone } from './TryTone.tsx';

/** Where this device plays and listens, and how. Everything takes effect at once, also in a running call. */
export function SoundSettings() {
  const { t } = useWords();
  const outputs = useDevicesState((state) => state.outputs);
  return (
    <div className={classes['rows']}>
      <NamesWithheld />
      <ChoiceOfDevice of="microphone" />
      <MicrophoneTest />
      {outputs === 'none' ? <p className={classes['hint']}>{t('sound.outputsFixed')}</p> : null}
      <ChoiceOfDevice of="speaker" action={<TryTone of="speaker" />} />
      <ChoiceOfDevice of="ringer" action={<TryTone of="ringer" />} />
      {outputs === 'none' ? null : (
        <ChoiceOfDevice of="secondRinger" action={<TryTone of="secondRinger" />} />
      )}
      <RingTone />
      <RingVolume />
      <ProcessingSwitches />
    </div>
  );
}

/** Browsers tell no names before the microphone was permitted once. */
function NamesWithheld() {
  const { t } = useWords();
  const { devices, microphones } = useSound();
  const withheld = useDevicesState((state) => state.list === undefined);
  if (!withheld) return null;
  const allow = async (): Promise<void> => {
    try {
      (await microphones.open()).close();
    } catch {
      // Refused: the microphone test says why.
    }
    await devices.refresh();
  };
  return (
    <div className={classes['withheld']}>
      <span>{t('sound.withheld')}</span>
      <Button size="xs" variant="default" onClick={() => void allow()}>
        {t('sound.allow')}
      </Button>
    </div>
  );
}

function RingTone() {
  const { t } = useWords();
  const { preferences } = useSound();
  const { ringTone } = useSoundPreferences();
  return (
    <NamedSelect
      name={t('sound.ringTone')}
      value={ringTone}
      data={ringTones.map((value) => ({ value, label: t(`sound.ringTone.${value}`) }))}
      onChange={(value) => {
        const wanted = ringTones.find((one) => one === value);
        if (wanted !== undefined) preferences.setState({ ringTone: wanted });
      }}
    />
  );
}

function RingVolume() {
  const { t } = useWords();
  const { preferences } = useSound();
  const { ringVolume } = useSoundPreferences();
  const name = t('sound.volume');
  return (
    <Named name={name}>
      <Slider
        className={classes['slider'] ?? ''}
        thumbLabel={name}
        value={ringVolume}
        min={0}
        max={100}
        step={5}
        label={(value) => `${value} %`}
        onChange={(value) => preferences.setState({ ringVolume: value })}
      />
    </Named>
  );
}

function ProcessingSwitches() {
  const { t } = useWords();
  const { preferences } = useSound();
  const current = useSoundPreferences();
  return (
    <div className={classes['switches']}>
      {processings.map((name) => (
        <Switch
          key={name}
          labelPosition="left"
          classNames={{ body: classes['switch'] ?? '' }}
          label={t(`sound.${name}`)}
          description={t(`sound.${name}.hint`)}
          checked={current[name]}
          onChange={(event) => preferences.setState({ [name]: event.currentTarget.checked })}
        />
      ))}
    </div>
  );
}
