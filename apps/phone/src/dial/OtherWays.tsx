import { ActionIcon } from '@mantine/core';
import { canDo } from '@offhook/phone-core';
import { IconChevronDown, IconDeviceLandlinePhone, IconPhoneCall, IconUsers } from '@tabler/icons-react';
import { OnDemandMenu } from '../app/OnDemandMenu.tsx';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';

export interface OtherWaysProps {
  readonly variant: 'filled' | 'light';
  readonly onAtDesk: () => void;
  readonly onPickUp: () => void;
  readonly onGroupPickUp: () => void;
}

/** What else can be done with the number in the field than call it from here; not there where nothing can. */
export function OtherWays({ variant, onAtDesk, onPickUp, onGroupPickUp }: OtherWaysProps) {
  const { t } = useWords();
  const atDesk = usePhoneState((state) => canDo(state, 'placeAtDesk'));
  const pickUp = usePhoneState((state) => canDo(state, 'pickUp'));
  const groupPickUp = usePhoneState((state) => canDo(state, 'groupPickUp'));
  if (!atDesk && !pickUp && !groupPickUp) return null;
  return (
    <OnDemandMenu
      position="bottom-end"
      width={272}
      target={
        <ActionIcon variant={variant} size={50} aria-label={t('dial.otherWays')}>
          <IconChevronDown size={20} stroke={1.9} />
        </ActionIcon>
      }
    >
      {(Menu) => (
        <>
          {atDesk ? (
            <Menu.Item leftSection={<IconDeviceLandlinePhone size={18} stroke={1.7} />} onClick={onAtDesk}>
              {t('dial.atDesk')}
            </Menu.Item>
          ) : null}
          {pickUp ? (
            <Menu.Item leftSection={<IconPhoneCall size={18} stroke={1.7} />} onClick={onPickUp}>
              {t('dial.pickUp')}
            </Menu.Item>
          ) : null}
          {groupPickUp ? (
            <Menu.Item leftSection={<IconUsers size={18} stroke={1.7} />} onClick={onGroupPickUp}>
              {t('dial.groupPickUp')}
            </Menu.Item>
          ) : null}
        </>
      )}
    </OnDemandMenu>
  );
}
