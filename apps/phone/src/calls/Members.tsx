import { ActionIcon } from '@mantine/core';
import type { Party } from '@offhook/contract';
import { permits, type KnownCall } from '@offhook/phone-core';
import { PersonAvatar } from '@offhook/ui';
import { IconPlayerPause } from '@tabler/icons-react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { partyWords } from '../words/party.ts';
import { HangUpIcon } from './HangUpIcon.tsx';
import classes from './Members.module.css';
import type { StageItem } from './stage.ts';

/** The others in a conference: as the telephone system tells, or the other sides of the calls that this window mixes. */
export function partiesOf(calls: StageItem): readonly Party[] {
  const listed = calls.flatMap(({ members }) => members ?? []);
  if (listed.length === 0) return calls.map(({ remote }) => remote);
  const keys = new Set<string>();
  return listed.filter(({ number, name }) => {
    const key = `${number} ${name ?? ''}`;
    const known = keys.has(key);
    keys.add(key);
    return !known;
  });
}

export function Members({ calls }: { readonly calls: StageItem }) {
  const { t } = useWords();
  const mixed = calls.length > 1 && calls.every(({ members }) => members === undefined);
  return (
    <ul className={classes['members']} aria-label={t('conference.members')}>
      {mixed
        ? calls.map((call) => (
            <Member key={call.callId} party={call.remote}>
              <MemberButtons call={call} />
            </Member>
          ))
        : partiesOf(calls).map((party) => (
            <Member key={`${party.number} ${party.name ?? ''}`} party={party} />
          ))}
    </ul>
  );
}

function Member({ party, children }: { readonly party: Party; readonly children?: React.ReactNode }) {
  const { t } = useWords();
  const { title, detail } = partyWords(party);
  return (
    <li className={classes['member']}>
      <PersonAvatar name={party.name} size={34} />
      <span className={classes['words']}>
        <span className={classes['name']}>{title ?? t('call.unknownCaller')}</span>
        {detail === undefined ? null : <span className={classes['number']}>{detail}</span>}
      </span>
      {children}
    </li>
  );
}

function MemberButtons({ call }: { readonly call: KnownCall }) {
  const { t } = useWords();
  const { calls } = usePhone();
  const who = partyWords(call.remote).title ?? t('call.unknownCaller');
  return (
    <>
      {permits(call, 'hold') ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          radius="xl"
          aria-label={t('conference.hold', { who })}
          onClick={() => void calls.hold(call.callId)}
        >
          <IconPlayerPause size={18} stroke={1.8} />
        </ActionIcon>
      ) : null}
      {permits(call, 'hangUp') ? (
        <ActionIcon
          variant="subtle"
          color="red"
          size={36}
          radius="xl"
          aria-label={t('conference.hangUp', { who })}
          onClick={() => void calls.hangUp(call.callId)}
        >
          <HangUpIcon size={18} stroke={1.8} />
        </ActionIcon>
      ) : null}
    </>
  );
}
