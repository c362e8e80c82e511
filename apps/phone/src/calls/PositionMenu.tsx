import { UnstyledButton } from '@mantine/core';
import type { CallService } from '@offhook/contract';
import type { CallActivity, KnownCall } from '@offhook/phone-core';
import {
  IconAppWindow,
  IconCheck,
  IconChevronDown,
  IconDeviceLandlinePhone,
  IconDeviceLaptop,
  IconDeviceMobile,
  IconParking,
  IconRecordMail,
} from '@tabler/icons-react';
import type { Position } from '@offhook/contract';
import { OnDemandMenu } from '../app/OnDemandMenu.tsx';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useWords, type Translate } from '../i18n/use-words.ts';
import { readableNumber } from '../words/party.ts';
import { positionWords, ringsWords } from '../words/position-words.ts';
import classes from './PositionMenu.module.css';
import { press, serviceButtons, servicesInOrder, type ButtonIcon, type Pressed } from './service-buttons.ts';

const icons: Readonly<Record<Exclude<Position, 'nowhere'>, ButtonIcon>> = {
  here: IconDeviceLaptop,
  other_client: IconAppWindow,
  desk_phone: IconDeviceLandlinePhone,
  alternative: IconDeviceMobile,
  voicemail: IconRecordMail,
  parked: IconParking,
};

export interface PositionMenuProps {
  readonly pressed: Pressed;
  readonly drawn: readonly CallService[];
  readonly activity: CallActivity;
}

/** Where a call is, and where it can go from there now. Says nothing of a call that can only be here. */
export function PositionMenu({ pressed, drawn, activity }: PositionMenuProps) {
  const { t } = useWords();
  const { call } = pressed;
  const alternative = usePhoneState((state) => state.settings.held?.alternativeNumber);
  const moves = servicesInOrder.filter(
    (service) => serviceButtons[service].place === 'move' && drawn.includes(service),
  );
  const place = placeText(t, call, alternative);
  const Here = call.position === 'nowhere' ? IconDeviceLandlinePhone : icons[call.position];
  if (place === undefined || (moves.length === 0 && call.position === 'here')) return null;
  if (moves.length === 0) {
    return (
      <span className={classes['chip']}>
        <Here size={15} stroke={1.9} />
        {place}
      </span>
    );
  }
  return (
    <OnDemandMenu
      position="bottom"
      width={260}
      target={
        <UnstyledButton
          className={classes['chip']}
          data-menu
          data-service="move"
          data-pending={moves.some((service) => service === activity.pending) || undefined}
          aria-label={t('position.menu', { place })}
        >
          <Here size={15} stroke={1.9} />
          {place}
          <IconChevronDown size={14} stroke={2.2} aria-hidden="true" />
        </UnstyledButton>
      }
    >
      {(Menu) => (
        <>
          {call.position === 'nowhere' ? null : (
            <>
              <Menu.RadioItem
                value={call.position}
                checked
                checkIcon={<IconCheck size={15} stroke={2.4} />}
                closeMenuOnClick
              >
                {place}
              </Menu.RadioItem>
              <Menu.Divider />
            </>
          )}
          {moves.map((service) => {
            const Symbol = serviceButtons[service].icon;
            return (
              <Menu.Item
                key={service}
                disabled={activity.pending !== undefined}
                leftSection={<Symbol size={18} stroke={1.7} />}
                onClick={() => press(service, pressed)}
              >
                {moveText(t, service, call, alternative)}
              </Menu.Item>
            );
          })}
        </>
      )}
    </OnDemandMenu>
  );
}

function placeText(
  t: Translate,
  call: KnownCall,
  alternative: string | null | undefined,
): string | undefined {
  if (call.position === 'nowhere') {
    const rings = ringsWords(call.rings);
    return rings === undefined || call.state.name !== 'ringing' ? undefined : t(rings);
  }
  const words = positionWords(call, alternative);
  return words && t(words.key, { number: words.number ?? '' });
}

function moveText(
  t: Translate,
  service: CallService,
  call: KnownCall,
  alternative: string | null | undefined,
): string {
  const number = typeof alternative === 'string' ? readableNumber(alternative) : undefined;
  const rings = call.direction === 'incoming' && call.state.name === 'ringing';
  if (service === 'pushToDesk') return t(rings ? 'call.ringDesk' : 'call.pushToDesk');
  if (service !== 'pushToAlternative') return t(serviceButtons[service].label);
  const key = rings ? 'call.ringAlternative' : 'call.pushToAlternative';
  return number === undefined ? t(`${key}.plain`) : t(key, { number });
}
